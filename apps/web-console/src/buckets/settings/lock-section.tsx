import { retentionPeriod, type RetentionMode } from '@coffer/b2-schema';
import { useState } from 'react';
import { useSession } from '../../session/session-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { RadioGroup, Select, type Choice } from '../../ui/fields.tsx';
import { LegalHoldIcon } from '../../ui/icons.ts';
import { Name } from '../../ui/name.tsx';
import { useRefreshBuckets, type Bucket } from '../bucket-queries.ts';
import { readOnlyReason, useUpdateBucket } from './bucket-settings.ts';
import { problemAt, problemsOf } from '../../format/problems.ts';
import { NotVisibleSection, SettingsSection } from './settings-section.tsx';
import { NumberField, type TypedNumber } from '../../ui/small-fields.tsx';
import { useDraft } from './use-draft.ts';
import { changedElsewhere, useSave } from './use-save.ts';

const title = 'Object Lock';
const description = 'Protects file versions from deletion until a time, or as long as a legal hold is on.';

type Lock = NonNullable<Bucket['fileLockConfiguration']['value']>;

export function LockSection({ bucket }: { readonly bucket: Bucket }) {
  const { isClientAuthorizedToRead, value } = bucket.fileLockConfiguration;
  if (!isClientAuthorizedToRead || value === null) {
    return <NotVisibleSection title={title} capability="readBucketRetentions" />;
  }
  return value.isFileLockEnabled ? (
    <RetentionSection bucket={bucket} lock={value} />
  ) : (
    <NoLockSection bucket={bucket} />
  );
}

/** Object Lock is off: it can be turned on. */
function NoLockSection({ bucket }: { readonly bucket: Bucket }) {
  const { rights } = useSession();
  const saving = useSave();
  const update = useUpdateBucket(bucket);
  const refresh = useRefreshBuckets();
  const [isAsking, setIsAsking] = useState(false);
  const reason = readOnlyReason(rights, 'writeBucketRetentions');
  const turnOn = async (): Promise<void> => {
    await saving.save(() => update({ fileLockEnabled: true }), 'Object Lock is on');
    setIsAsking(false);
  };
  return (
    <SettingsSection
      title={title}
      description={description}
      readOnlyReason={reason}
      saving={saving}
      isChanged={false}
      onSave={() => undefined}
      onDrop={() => undefined}
      onReload={refresh}
    >
      <p>Object Lock is off in this bucket.</p>
      {reason === undefined && (
        <div>
          <Button
            icon={LegalHoldIcon}
            onPress={() => {
              setIsAsking(true);
            }}
          >
            Turn on Object Lock …
          </Button>
        </div>
      )}
      <ConfirmDialog
        title="Turn on Object Lock?"
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false);
        }}
        action="Turn on"
        isDanger={false}
        isPending={saving.isPending}
        onConfirm={() => void turnOn()}
      >
        <p>
          In 1 bucket, <Name>{bucket.bucketName}</Name>, files can then get retentions and legal holds. It cannot be
          turned off again.
        </p>
      </ConfirmDialog>
    </SettingsSection>
  );
}

const modeChoices: readonly Choice<RetentionMode | 'none'>[] = [
  { value: 'none', label: 'None', description: 'New files can be deleted unless their upload asks for a retention.' },
  {
    value: 'governance',
    label: 'Governance',
    description: 'New files cannot be deleted for the period, except with the capability bypassGovernance.',
  },
  {
    value: 'compliance',
    label: 'Compliance',
    description: 'New files cannot be deleted for the period by anybody, nor can the period be shortened.',
  },
];

const unitChoices: readonly Choice<'days' | 'years'>[] = [
  { value: 'days', label: 'Days' },
  { value: 'years', label: 'Years' },
];

interface RetentionDraft {
  readonly mode: RetentionMode | 'none';
  readonly duration: TypedNumber;
  readonly unit: 'days' | 'years';
}

/** Object Lock is on: what new files get by default. */
function RetentionSection({ bucket, lock }: { readonly bucket: Bucket; readonly lock: Lock }) {
  const { rights } = useSession();
  const { mode, period } = lock.defaultRetention;
  const stored: RetentionDraft = {
    mode: mode ?? 'none',
    duration: period?.duration ?? null,
    unit: period?.unit ?? 'days',
  };
  const draft = useDraft(stored);
  const saving = useSave();
  const update = useUpdateBucket(bucket);
  const refresh = useRefreshBuckets();
  const [wasTried, setWasTried] = useState(false);
  const reason = readOnlyReason(rights, 'writeBucketRetentions');
  const { value } = draft;
  const problem = value.mode === 'none' ? undefined : periodProblem(value);
  const drop = (): void => {
    draft.drop();
    setWasTried(false);
  };
  const save = async (): Promise<void> => {
    setWasTried(true);
    if (problem !== undefined) return;
    const isSaved = await saving.save(async () => {
      if (draft.isOutdated) throw changedElsewhere();
      await update({
        defaultRetention:
          value.mode === 'none'
            ? { mode: null, period: null }
            : { mode: value.mode, period: retentionPeriod.parse({ duration: value.duration, unit: value.unit }) },
      });
    }, 'The default retention was saved');
    if (isSaved) drop();
  };
  return (
    <SettingsSection
      title={title}
      description={`${description} It is on in this bucket, and cannot be turned off again.`}
      readOnlyReason={reason}
      saving={saving}
      isChanged={draft.isChanged}
      onSave={() => void save()}
      onDrop={drop}
      onReload={refresh}
    >
      <RadioGroup
        label="Default retention"
        choices={modeChoices}
        value={value.mode}
        isDisabled={reason !== undefined}
        onChange={(chosen) => {
          draft.change({ ...value, mode: chosen, ...(chosen === 'none' && { duration: null, unit: 'days' }) });
        }}
      />
      {value.mode !== 'none' && (
        <div className="period">
          <NumberField
            label="Period"
            value={value.duration}
            isDisabled={reason !== undefined}
            onChange={(duration) => {
              draft.change({ ...value, duration });
            }}
            error={wasTried ? problem : undefined}
            description="At most 3,000 days, or 8 years."
          />
          <Select
            label="Unit"
            choices={unitChoices}
            value={value.unit}
            isDisabled={reason !== undefined}
            onChange={(unit) => {
              draft.change({ ...value, unit });
            }}
          />
        </div>
      )}
    </SettingsSection>
  );
}

function periodProblem({ duration, unit }: RetentionDraft): string | undefined {
  if (duration === null) return 'Enter how long new files are protected.';
  return problemAt(problemsOf(retentionPeriod, { duration, unit }));
}
