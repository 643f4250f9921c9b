import { useSession } from '../../session/session-context.tsx';
import { RadioGroup } from '../../ui/fields.tsx';
import { defaultModeOf, useRefreshBuckets, type Bucket } from '../bucket-queries.ts';
import { encryptionChoices } from '../setting-choices.ts';
import { readOnlyReason, useUpdateBucket } from './bucket-settings.ts';
import { NotVisibleSection, SettingsSection } from './settings-section.tsx';
import { useDraft } from './use-draft.ts';
import { changedElsewhere, useSave } from './use-save.ts';

const title = 'Default encryption';

export function EncryptionSection({ bucket }: { readonly bucket: Bucket }) {
  const mode = defaultModeOf(bucket);
  if (mode === undefined) return <NotVisibleSection title={title} capability="readBucketEncryption" />;
  // A bucket's default is never SSE-C: the server has no customer's key.
  return <VisibleEncryption bucket={bucket} stored={mode === 'none' ? 'none' : 'SSE-B2'} />;
}

interface VisibleEncryptionProps {
  readonly bucket: Bucket;
  readonly stored: 'none' | 'SSE-B2';
}

function VisibleEncryption({ bucket, stored }: VisibleEncryptionProps) {
  const { rights } = useSession();
  const draft = useDraft(stored);
  const saving = useSave();
  const update = useUpdateBucket(bucket);
  const refresh = useRefreshBuckets();
  const reason = readOnlyReason(rights, 'writeBucketEncryption');
  const save = async (): Promise<void> => {
    const isSaved = await saving.save(
      async () => {
        if (draft.isOutdated) throw changedElsewhere();
        await update({ defaultServerSideEncryption: draft.value });
      },
      draft.value === 'none' ? 'Default encryption is off' : 'Default encryption is on',
    );
    if (isSaved) draft.drop();
  };
  return (
    <SettingsSection
      title={title}
      description="How new files are encrypted whose upload asks for nothing. Existing files never change by it."
      readOnlyReason={reason}
      saving={saving}
      isChanged={draft.isChanged}
      onSave={() => void save()}
      onDrop={draft.drop}
      onReload={refresh}
    >
      <RadioGroup
        label="Encryption of new files"
        choices={encryptionChoices}
        value={draft.value}
        onChange={draft.change}
        isDisabled={reason !== undefined}
      />
    </SettingsSection>
  );
}
