import { lifecycleRulesField, maxLifecycleRules } from '@coffer/b2-schema';
import { countOf } from '../../format/bytes.ts';
import { visibleText } from '../../format/visible-text.ts';
import { useSession } from '../../session/session-context.tsx';
import { TextField } from '../../ui/fields.tsx';
import { Name } from '../../ui/name.tsx';
import { useRefreshBuckets, type Bucket } from '../bucket-queries.ts';
import { readOnlyReason, useUpdateBucket } from './bucket-settings.ts';
import { problemAt } from '../../format/problems.ts';
import type { RuleFieldsProps, RuleKind } from './rule-kind.ts';
import { RulesSection } from './rules-section.tsx';
import { NumberField, type TypedNumber } from '../../ui/small-fields.tsx';

interface LifecycleDraft {
  readonly fileNamePrefix: string;
  readonly daysFromUploadingToHiding?: TypedNumber | undefined;
  readonly daysFromHidingToDeleting?: TypedNumber | undefined;
  readonly daysFromStartingToCancelingUnfinishedLargeFiles?: TypedNumber | undefined;
}

const days = [
  ['daysFromUploadingToHiding', 'Days from upload to hiding', 'Then the file is hidden. Empty: it never is.'],
  [
    'daysFromHidingToDeleting',
    'Days from hiding to deletion',
    'Then hidden and older versions are deleted. Empty: they are kept.',
  ],
  [
    'daysFromStartingToCancelingUnfinishedLargeFiles',
    'Days until an unfinished large file is cancelled',
    'Counted from its start. Empty: it is kept.',
  ],
] as const;

function LifecycleFields({ rule, onChange, problems }: RuleFieldsProps<LifecycleDraft>) {
  return (
    <>
      <TextField
        label="Prefix of the file names"
        value={rule.fileNamePrefix}
        onChange={(fileNamePrefix) => {
          onChange({ ...rule, fileNamePrefix });
        }}
        error={problemAt(problems, 'fileNamePrefix')}
        autoFocus
        autoComplete="off"
        spellCheck="false"
        isMono
        description="The rule is for names that begin with it, such as logs/. Empty: all files of the bucket."
      />
      {days.map(([member, label, description]) => (
        <NumberField
          key={member}
          label={label}
          description={description}
          value={rule[member]}
          onChange={(count) => {
            onChange({ ...rule, [member]: count });
          }}
          error={problemAt(problems, member)}
        />
      ))}
    </>
  );
}

function LifecycleSummary({ rule }: { readonly rule: LifecycleDraft }) {
  const { daysFromUploadingToHiding: hide, daysFromHidingToDeleting: remove } = rule;
  const cancel = rule.daysFromStartingToCancelingUnfinishedLargeFiles;
  const parts = [
    typeof hide === 'number' && `hide ${countOf(hide, 'day')} after upload`,
    typeof remove === 'number' && `delete ${countOf(remove, 'day')} after hiding`,
    typeof cancel === 'number' && `cancel unfinished large files after ${countOf(cancel, 'day')}`,
  ].filter((part) => part !== false);
  return (
    <>
      <strong>{rule.fileNamePrefix === '' ? 'All files' : <Name>{rule.fileNamePrefix}</Name>}</strong>
      <span className="small soft">{parts.join(' · ')}</span>
    </>
  );
}

const kind: RuleKind<LifecycleDraft> = {
  title: 'Lifecycle rules',
  description: 'What is hidden and deleted by itself, and when. Rules must not overlap.',
  one: 'lifecycle rule',
  schema: lifecycleRulesField,
  most: maxLifecycleRules,
  blank: {
    fileNamePrefix: '',
    daysFromUploadingToHiding: null,
    daysFromHidingToDeleting: null,
    daysFromStartingToCancelingUnfinishedLargeFiles: null,
  },
  clean: (rule) => rule,
  isOrdered: false,
  nameOf: ({ fileNamePrefix }) =>
    fileNamePrefix === '' ? 'the rule for all files' : `the rule for ${visibleText(fileNamePrefix)}`,
  Summary: LifecycleSummary,
  Fields: LifecycleFields,
};

export function LifecycleRulesSection({ bucket }: { readonly bucket: Bucket }) {
  const { rights } = useSession();
  const update = useUpdateBucket(bucket);
  return (
    <RulesSection
      kind={kind}
      stored={bucket.lifecycleRules}
      readOnlyReason={readOnlyReason(rights)}
      onSave={(rules) => update({ lifecycleRules: lifecycleRulesField.parse(rules) })}
      onReload={useRefreshBuckets()}
    />
  );
}
