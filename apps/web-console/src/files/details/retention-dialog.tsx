import { maxRetentionDays, type FileRetention, type RetentionMode } from '@coffer/b2-schema';
import { useState } from 'react';
import type { Bucket } from '../../buckets/bucket-queries.ts';
import { formatExactTime } from '../../format/time.ts';
import { useSession } from '../../session/session-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { RadioGroup, TextField } from '../../ui/fields.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { tellDone } from '../../ui/toast.tsx';
import { useRefreshFiles } from '../file-queries.ts';
import type { StoredVersion } from '../file-rows.ts';
import { localTime, retentionRules, timestampOf } from './retention-rules.ts';
import { VersionFacts } from './version-facts.tsx';

interface RetentionDialogProps {
  readonly bucket: Bucket;
  readonly version: StoredVersion;
  readonly onClose: () => void;
}

type ChosenMode = RetentionMode | 'none';

const descriptions = {
  none: ['No retention', 'The version can be deleted at any time.'],
  governance: ['Governance', 'Nobody can delete the version before, except with a key that may bypass governance.'],
  compliance: ['Compliance', 'Nobody at all can delete the version before, or shorten this.'],
} as const;

const day = 86_400_000;

/** The retention of a version as far as it is known; null in both if there is none. */
function retentionOf({ fileRetention: { value } }: StoredVersion): FileRetention {
  if (value === null || value.mode === null || value.retainUntilTimestamp === null) {
    return { mode: null, retainUntilTimestamp: null };
  }
  return { mode: value.mode, retainUntilTimestamp: value.retainUntilTimestamp };
}

/** Sets, extends, shortens or removes the retention of a version, as far as that is allowed. */
export function RetentionDialog({ bucket, version, onClose }: RetentionDialogProps) {
  const { client, rights } = useSession();
  const refresh = useRefreshFiles();
  const [now] = useState(() => Date.now());
  const present = retentionOf(version);
  const rules = retentionRules(present, rights.has('bypassGovernance'), now);
  const [mode, setMode] = useState<ChosenMode>(present.mode ?? 'governance');
  const [until, setUntil] = useState(() => localTime(Math.max(present.retainUntilTimestamp ?? 0, now + 30 * day)));
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState<unknown>();
  // The field knows minutes only: what was not touched stays exactly as it is.
  const isUntouched = present.mode !== null && until === localTime(present.retainUntilTimestamp);
  const timestamp = isUntouched ? present.retainUntilTimestamp : timestampOf(until);
  const problem = mode === 'none' ? undefined : problemOf(timestamp, rules.earliest, now);

  const save = async (): Promise<void> => {
    const wanted: FileRetention =
      mode === 'none' || timestamp === undefined
        ? { mode: null, retainUntilTimestamp: null }
        : { mode, retainUntilTimestamp: timestamp };
    setIsPending(true);
    setError(undefined);
    try {
      const { fileName, fileId } = version;
      const bypass = rules.needsBypass(wanted) ? { bypassGovernance: true } : {};
      await client.api.updateFileRetention({ fileName, fileId, fileRetention: wanted, ...bypass });
      await refresh(bucket.bucketId);
      tellDone(mode === 'none' ? 'The retention was removed' : 'The retention was set');
      onClose();
    } catch (caught) {
      setError(caught);
      setIsPending(false);
    }
  };
  return (
    <Dialog title="Retention of this version" isOpen onClose={onClose}>
      <VersionFacts version={version} />
      <RadioGroup
        label="Mode"
        value={mode}
        onChange={setMode}
        choices={rules.modes.map((value) => {
          const [label, description] = descriptions[value];
          return { value, label, description };
        })}
      />
      {mode !== 'none' && (
        <TextField
          label="Until"
          type="datetime-local"
          value={until}
          onChange={setUntil}
          error={problem}
          description="In your time zone."
        />
      )}
      {mode === 'compliance' && problem === undefined && timestamp !== undefined && (
        <p>
          <strong>This cannot be taken back.</strong> Until {formatExactTime(timestamp)}, the version stays, and is paid
          for.
        </p>
      )}
      {error !== undefined && <ErrorNotice title="The retention could not be changed" error={error} />}
      <DialogActions>
        <Button onPress={onClose}>Cancel</Button>
        <Button
          variant={mode === 'compliance' ? 'danger' : 'primary'}
          isPending={isPending}
          isDisabled={problem !== undefined}
          onPress={() => void save()}
        >
          {mode === 'none' ? 'Remove the retention' : 'Set the retention'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function problemOf(timestamp: number | undefined, earliest: number, now: number): string | undefined {
  if (timestamp === undefined) return 'Choose a date and a time.';
  if (timestamp <= now) return 'Choose a time that is not over yet.';
  if (timestamp > now + maxRetentionDays * day) return `It can last ${maxRetentionDays} days at most.`;
  if (timestamp < earliest) return `It can only be made longer than ${formatExactTime(earliest)}.`;
  return undefined;
}
