import { corsOperations, corsRulesField, maxCorsRules } from '@coffer/b2-schema';
import { countOf } from '../../format/bytes.ts';
import { useSession } from '../../session/session-context.tsx';
import { CheckList } from '../../ui/check-list.tsx';
import { TextField } from '../../ui/fields.tsx';
import { Name } from '../../ui/name.tsx';
import { useRefreshBuckets, type Bucket } from '../bucket-queries.ts';
import { readOnlyReason, useUpdateBucket } from './bucket-settings.ts';
import { problemAt } from '../../format/problems.ts';
import type { RuleFieldsProps, RuleKind } from './rule-kind.ts';
import { RulesSection } from './rules-section.tsx';
import { filledLines, LinesField, NumberField, type TypedNumber } from '../../ui/small-fields.tsx';

interface CorsDraft {
  readonly corsRuleName: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedOperations: readonly string[];
  readonly allowedHeaders?: readonly string[] | null | undefined;
  readonly exposeHeaders?: readonly string[] | null | undefined;
  readonly maxAgeSeconds: TypedNumber;
}

const operationChoices = [
  { value: 'b2_download_file_by_name', label: 'b2_download_file_by_name' },
  { value: 'b2_download_file_by_id', label: 'b2_download_file_by_id' },
  { value: 'b2_upload_file', label: 'b2_upload_file' },
  { value: 'b2_upload_part', label: 'b2_upload_part' },
  { value: 's3_get', label: 's3_get' },
  { value: 's3_head', label: 's3_head' },
  { value: 's3_put', label: 's3_put' },
  { value: 's3_post', label: 's3_post' },
  { value: 's3_delete', label: 's3_delete' },
] as const satisfies readonly { value: (typeof corsOperations)[number]; label: string }[];

function CorsFields({ rule, onChange, problems }: RuleFieldsProps<CorsDraft>) {
  const known: readonly string[] = corsOperations;
  return (
    <>
      <TextField
        label="Rule name"
        value={rule.corsRuleName}
        onChange={(corsRuleName) => {
          onChange({ ...rule, corsRuleName });
        }}
        error={problemAt(problems, 'corsRuleName')}
        autoFocus
        autoComplete="off"
        isMono
        description="6 to 63 letters, digits or hyphens."
      />
      <LinesField
        label="Allowed origins"
        value={rule.allowedOrigins}
        onChange={(allowedOrigins) => {
          onChange({ ...rule, allowedOrigins });
        }}
        error={problemAt(problems, 'allowedOrigins')}
        description="One per line: https://www.example.com, https://*.example.com, https for all with TLS, or * alone for all."
      />
      <CheckList
        label="Allowed operations"
        choices={operationChoices}
        value={operationChoices.map(({ value }) => value).filter((value) => rule.allowedOperations.includes(value))}
        onChange={(allowedOperations) => {
          onChange({
            ...rule,
            allowedOperations: [...allowedOperations, ...rule.allowedOperations.filter((one) => !known.includes(one))],
          });
        }}
        error={problemAt(problems, 'allowedOperations')}
      />
      <LinesField
        label="Headers that a request may have"
        value={rule.allowedHeaders}
        onChange={(allowedHeaders) => {
          onChange({ ...rule, allowedHeaders });
        }}
        error={problemAt(problems, 'allowedHeaders')}
        description="One per line, such as authorization, x-bz-* or * for all. May be empty."
      />
      <LinesField
        label="Headers that a page may read of the answer"
        value={rule.exposeHeaders}
        onChange={(exposeHeaders) => {
          onChange({ ...rule, exposeHeaders });
        }}
        error={problemAt(problems, 'exposeHeaders')}
        description="One per line, such as x-bz-content-sha1. May be empty."
      />
      <NumberField
        label="Seconds for which browsers may remember the rule"
        value={rule.maxAgeSeconds}
        onChange={(maxAgeSeconds) => {
          onChange({ ...rule, maxAgeSeconds });
        }}
        error={problemAt(problems, 'maxAgeSeconds')}
        description="0 to 86,400, which is a day."
      />
    </>
  );
}

function CorsSummary({ rule }: { readonly rule: CorsDraft }) {
  const headers = rule.allowedHeaders?.length ?? 0;
  return (
    <>
      <strong>
        <Name>{rule.corsRuleName}</Name>
      </strong>
      <span className="small">
        From <Name>{rule.allowedOrigins.join(', ')}</Name>
      </span>
      <span className="small soft">
        {rule.allowedOperations.join(', ')} · {countOf(headers, 'header')}
      </span>
    </>
  );
}

const kind: RuleKind<CorsDraft> = {
  title: 'CORS rules',
  description: 'Which web pages may use this bucket from a browser. The first rule that matches a request decides.',
  one: 'CORS rule',
  schema: corsRulesField,
  most: maxCorsRules,
  blank: {
    corsRuleName: '',
    allowedOrigins: [],
    allowedOperations: [],
    allowedHeaders: null,
    exposeHeaders: null,
    maxAgeSeconds: 3600,
  },
  clean: (rule) => ({
    ...rule,
    corsRuleName: rule.corsRuleName.trim(),
    allowedOrigins: filledLines(rule.allowedOrigins),
    allowedHeaders: orNull(filledLines(rule.allowedHeaders)),
    exposeHeaders: orNull(filledLines(rule.exposeHeaders)),
  }),
  isOrdered: true,
  nameOf: ({ corsRuleName }) => corsRuleName,
  Summary: CorsSummary,
  Fields: CorsFields,
};

function orNull(lines: readonly string[]): readonly string[] | null {
  return lines.length === 0 ? null : lines;
}

export function CorsRulesSection({ bucket }: { readonly bucket: Bucket }) {
  const { rights } = useSession();
  const update = useUpdateBucket(bucket);
  return (
    <RulesSection
      kind={kind}
      stored={bucket.corsRules}
      readOnlyReason={readOnlyReason(rights)}
      onSave={(rules) => update({ corsRules: corsRulesField.parse(rules) })}
      onReload={useRefreshBuckets()}
    />
  );
}
