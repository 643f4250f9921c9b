import { useSession } from '../../session/session-context.tsx';
import { RadioGroup } from '../../ui/fields.tsx';
import type { Bucket } from '../bucket-queries.ts';
import { useRefreshBuckets } from '../bucket-queries.ts';
import { bucketTypeWord } from '../bucket-words.ts';
import { typeChoices } from '../setting-choices.ts';
import { readOnlyReason, useUpdateBucket } from './bucket-settings.ts';
import { SettingsSection } from './settings-section.tsx';
import { useDraft } from './use-draft.ts';
import { changedElsewhere, useSave } from './use-save.ts';

export function TypeSection({ bucket }: { readonly bucket: Bucket }) {
  const { rights } = useSession();
  const draft = useDraft(bucket.bucketType);
  const saving = useSave();
  const update = useUpdateBucket(bucket);
  const refresh = useRefreshBuckets();
  const chosen = typeChoices.find(({ value }) => value === draft.value)?.value;
  const reason =
    chosen === undefined
      ? `The server made this bucket for itself, so its type (${bucketTypeWord(bucket.bucketType)}) stays.`
      : readOnlyReason(rights);
  const save = async (): Promise<void> => {
    if (chosen === undefined) return;
    const isSaved = await saving.save(async () => {
      if (draft.isOutdated) throw changedElsewhere();
      await update({ bucketType: chosen });
    }, 'The type of the bucket was saved');
    if (isSaved) draft.drop();
  };
  return (
    <SettingsSection
      title="Type"
      description="Who may download files of this bucket."
      readOnlyReason={reason}
      saving={saving}
      isChanged={draft.isChanged}
      onSave={() => void save()}
      onDrop={draft.drop}
      onReload={refresh}
    >
      {chosen !== undefined && (
        <RadioGroup
          label="Type of the bucket"
          choices={typeChoices}
          value={chosen}
          onChange={draft.change}
          isDisabled={reason !== undefined}
        />
      )}
    </SettingsSection>
  );
}
