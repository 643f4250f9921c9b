import { readableSchema } from '@coffer/sse-schema';
import * as z from 'zod';
import { maxRetentionDays } from '../values/limits.ts';
import { timestampField } from '../values/fields.ts';
import { issueOf, rule } from '../values/rule.ts';

/** B2 docs "Object Lock". */
export const retentionModes = ['governance', 'compliance'] as const;
/** How strict a retention is: governance can be bypassed with a capability, compliance by nobody. */
export type RetentionMode = (typeof retentionModes)[number];

/** A mode in a request; null and `none` (b2sdk's spelling) remove the retention. */
const askedMode = z.enum(['governance', 'compliance', 'none']).nullish();

/** The period of a default retention in the JSON of a request. */
export const retentionPeriod = z
  .strictObject({ duration: z.int().positive(), unit: z.enum(['days', 'years']) })
  .check(
    rule(({ duration, unit }) =>
      duration * (unit === 'years' ? 365 : 1) > maxRetentionDays
        ? 'A retention period must be no more than 3000 days'
        : undefined,
    ),
  );
/** How long a default retention lasts: at most 3,000 days. */
export type RetentionPeriod = z.output<typeof retentionPeriod>;

/** What a bucket applies to new files that ask for no retention. */
export type DefaultRetention = { mode: null; period: null } | { mode: RetentionMode; period: RetentionPeriod };

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** `defaultRetention` in the JSON of a request. */
export const defaultRetentionField = z.codec(
  z.strictObject({ mode: askedMode, period: retentionPeriod.nullish() }),
  z.custom<DefaultRetention>(isObject),
  {
    decode: ({ mode, period: given }, context): DefaultRetention => {
      if (mode === 'governance' || mode === 'compliance') {
        if (given) return { mode, period: given };
      } else if (!given) return { mode: null, period: null };
      context.issues.push({
        ...issueOf('defaultRetention must have a mode and a period, or neither'),
        input: undefined,
      });
      return z.NEVER;
    },
    encode: (value) => value,
  },
);

/** How long a file version cannot be deleted; the timestamp is in milliseconds since the epoch. */
export type FileRetention =
  { mode: null; retainUntilTimestamp: null } | { mode: RetentionMode; retainUntilTimestamp: number };

/** `fileRetention` in the JSON of a request. */
export const fileRetentionField = z.codec(
  z.strictObject({ mode: askedMode, retainUntilTimestamp: timestampField.nullish() }),
  z.custom<FileRetention>(isObject),
  {
    decode: ({ mode, retainUntilTimestamp }, context): FileRetention => {
      const retention = readFileRetention(mode, retainUntilTimestamp);
      if (retention !== undefined) return retention;
      context.issues.push({
        ...issueOf('fileRetention must have a mode and a retainUntilTimestamp, or neither'),
        input: undefined,
      });
      return z.NEVER;
    },
    encode: (value) => value,
  },
);

/** The retention of a mode and a timestamp, or undefined if only one of them is given. */
export function readFileRetention(
  mode: RetentionMode | 'none' | null | undefined,
  retainUntilTimestamp: number | null | undefined,
): FileRetention | undefined {
  const isSet = mode === 'governance' || mode === 'compliance';
  const hasTime = typeof retainUntilTimestamp === 'number';
  if (isSet && hasTime) return { mode, retainUntilTimestamp };
  return isSet || hasTime ? undefined : { mode: null, retainUntilTimestamp: null };
}

/** `legalHold` in the JSON of a request. */
export const legalHoldField = z.enum(['on', 'off']);
/** Whether a legal hold is on. */
export type LegalHold = z.output<typeof legalHoldField>;

const wireMode = z.enum(retentionModes).nullable();

/** `fileRetention.value` in a response. */
export const wireFileRetention = z.object({ mode: wireMode, retainUntilTimestamp: z.number().nullable() });
/** `fileRetention` and `legalHold` of a file in a response. */
export const readableFileRetention = readableSchema(wireFileRetention);
export const readableLegalHold = readableSchema(legalHoldField);

/** `fileLockConfiguration` of a bucket in a response. */
export const readableFileLock = readableSchema(
  z.object({
    defaultRetention: z.object({
      mode: wireMode,
      period: z.object({ duration: z.number(), unit: z.enum(['days', 'years']) }).nullable(),
    }),
    isFileLockEnabled: z.boolean(),
  }),
);
