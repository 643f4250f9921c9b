import { readableSchema } from '@coffer/sse-schema';
import * as z from 'zod';
import { applicationKeyIdField, booleanField, bucketIdField, namePrefixField } from '../values/fields.ts';
import { maxReplicationRules } from '../values/limits.ts';
import { rule } from '../values/rule.ts';

const lowestPriority = 0;
const highestPriority = 2_147_483_647;
const defaultPriority = 128;

/** A field that has the given value where it is absent or null. */
function orElse<Field extends z.ZodType>(field: Field, value: z.output<Field>) {
  const output = z.custom<z.output<Field>>(() => true);
  return z.codec(field.nullish(), output, { decode: (given) => given ?? value, encode: (given) => given });
}

/** One rule in the JSON of a request. */
export const replicationRule = z.strictObject({
  destinationBucketId: bucketIdField,
  fileNamePrefix: orElse(namePrefixField, ''),
  includeExistingFiles: orElse(booleanField, false),
  isEnabled: orElse(booleanField, true),
  priority: orElse(z.int().min(lowestPriority).max(highestPriority), defaultPriority),
  replicationRuleName: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
});
/** What a replication source copies where. */
export type ReplicationRule = z.output<typeof replicationRule>;

function rulesProblem(rules: readonly ReplicationRule[]): string | undefined {
  const names = new Set(rules.map(({ replicationRuleName }) => replicationRuleName));
  const priorities = new Set(rules.map(({ priority }) => priority));
  if (names.size < rules.length) return 'Replication rule names must be unique';
  return priorities.size < rules.length ? 'Replication rules must have different priorities' : undefined;
}

const source = z.strictObject({
  replicationRules: z.array(replicationRule).max(maxReplicationRules).check(rule(rulesProblem)),
  sourceApplicationKeyId: applicationKeyIdField,
});

const destination = z.strictObject({
  sourceToDestinationKeyMapping: z.record(applicationKeyIdField, applicationKeyIdField),
});

/** `replicationConfiguration` in the JSON of a request (B2 docs "Cloud Replication"). */
export const replicationField = z.strictObject({
  asReplicationSource: source.nullish(),
  asReplicationDestination: destination.nullish(),
});
/** A bucket's replication configuration; a member is null where the bucket does not play that role. */
export type ReplicationConfiguration = z.output<typeof replicationField>;

const wireReplication = z.object({
  asReplicationSource: z
    .object({
      replicationRules: z.array(
        z.object({
          destinationBucketId: z.string(),
          fileNamePrefix: z.string(),
          includeExistingFiles: z.boolean(),
          isEnabled: z.boolean(),
          priority: z.number(),
          replicationRuleName: z.string(),
        }),
      ),
      sourceApplicationKeyId: z.string(),
    })
    .nullable(),
  asReplicationDestination: z.object({ sourceToDestinationKeyMapping: z.record(z.string(), z.string()) }).nullable(),
});

/** `replicationConfiguration` of a bucket in a response. */
export const readableReplication = readableSchema(wireReplication);

/** The value as a response shows it: null if the configuration says nothing. */
export function printReplication(value: ReplicationConfiguration | undefined): z.output<typeof wireReplication> | null {
  const asReplicationSource = value?.asReplicationSource ?? null;
  const asReplicationDestination = value?.asReplicationDestination ?? null;
  if (asReplicationSource === null && asReplicationDestination === null) return null;
  return { asReplicationSource, asReplicationDestination };
}

export const replicationStatus = z.enum(['PENDING', 'COMPLETED', 'FAILED', 'REPLICA']);
