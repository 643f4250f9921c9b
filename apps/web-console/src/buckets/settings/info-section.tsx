import { bucketInfoField, maxBucketInfoEntries } from '@coffer/b2-schema';
import { useState } from 'react';
import { useSession } from '../../session/session-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeIcon, EditIcon } from '../../ui/icons.ts';
import { useRefreshBuckets, type Bucket } from '../bucket-queries.ts';
import { readOnlyReason, useUpdateBucket } from './bucket-settings.ts';
import { JsonArea } from './json-area.tsx';
import { printDraft } from './json-draft.ts';
import { PairsField } from './pairs-field.tsx';
import { filledPairs, infoOf, repeatedName, type Pair } from './pairs.ts';
import { problemAt, problemsOf } from '../../format/problems.ts';
import { SettingsSection } from './settings-section.tsx';
import { useDraft } from './use-draft.ts';
import { useJson } from './use-json.ts';
import { changedElsewhere, useSave } from './use-save.ts';

export function InfoSection({ bucket }: { readonly bucket: Bucket }) {
  const { rights } = useSession();
  const stored: readonly Pair[] = Object.entries(bucket.bucketInfo);
  const draft = useDraft(stored);
  const saving = useSave();
  const json = useJson(bucketInfoField);
  const update = useUpdateBucket(bucket);
  const refresh = useRefreshBuckets();
  const [wasTried, setWasTried] = useState(false);
  const reason = readOnlyReason(rights);
  const problem = wasTried ? problemOf(draft.value) : undefined;

  const drop = (): void => {
    draft.drop();
    json.close();
    setWasTried(false);
  };
  /** What was entered, if nothing is wrong with it. */
  const read = (): Readonly<Record<string, string>> | undefined => {
    if (json.text !== undefined) return json.read()?.value as Readonly<Record<string, string>> | undefined;
    setWasTried(true);
    return problemOf(draft.value) === undefined ? infoOf(draft.value) : undefined;
  };
  const save = async (): Promise<void> => {
    const info = read();
    if (info === undefined) return;
    const isSaved = await saving.save(async () => {
      if (draft.isOutdated) throw changedElsewhere();
      await update({ bucketInfo: info });
    }, 'The bucket info was saved');
    if (isSaved) drop();
  };
  const toggle = (): void => {
    const info = read();
    if (info === undefined) return;
    if (json.text === undefined) {
      draft.begin();
      json.open(info);
      return;
    }
    draft.change(Object.entries(info));
    json.close();
  };
  return (
    <SettingsSection
      title="Bucket info"
      description="Names and values of your own. Cache-Control is sent with files that have none themselves."
      readOnlyReason={reason}
      saving={saving}
      isChanged={json.text === undefined ? draft.isChanged : json.text !== printDraft(infoOf(draft.base))}
      onSave={() => void save()}
      onDrop={drop}
      onReload={refresh}
      actions={
        <Button icon={json.text === undefined ? CodeIcon : EditIcon} onPress={toggle}>
          {json.text === undefined ? (reason === undefined ? 'Edit as JSON' : 'Show as JSON') : 'Back to the form'}
        </Button>
      }
    >
      {json.text === undefined ? (
        <PairsField
          label="Entries"
          description={`Up to ${maxBucketInfoEntries}.`}
          one="an entry"
          pairs={draft.value}
          onChange={draft.change}
          error={problem}
          isReadOnly={reason !== undefined}
          most={maxBucketInfoEntries}
        />
      ) : (
        <JsonArea
          label="Bucket info as JSON"
          text={json.text}
          onChange={json.change}
          error={json.problem}
          isReadOnly={reason !== undefined}
        />
      )}
    </SettingsSection>
  );
}

function problemOf(pairs: readonly Pair[]): string | undefined {
  const repeated = repeatedName(filledPairs(pairs));
  if (repeated !== undefined) return `There are two entries with the name ${repeated}.`;
  return problemAt(problemsOf(bucketInfoField, infoOf(pairs)));
}
