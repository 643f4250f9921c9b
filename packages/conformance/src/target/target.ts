import * as z from 'zod';
import { ConformanceError } from '../model/conformance-error.ts';
import { featureSchema, type Feature } from '../model/feature.ts';
import { atRestSchema } from './at-rest.ts';
import { environmentName } from './environment-name.ts';
import { presetNames, presets } from './presets.ts';

const origin = z
  .url({ protocol: /^https?$/ })
  .refine((url) => URL.canParse(url) && new URL(url).href === `${new URL(url).origin}/`, {
    // It is a part of messages, so that a password in it would be printed.
    error: 'has to be an origin: no user, password, path or query',
  })
  .transform((url) => new URL(url).origin)
  .describe('http or https, host and port, and nothing else');

const b2Schema = z.strictObject({
  url: origin,
  keyId: z.union([z.string().min(1), environmentName]),
  key: environmentName.describe('where the application key is; it is never in the file'),
});

const s3Schema = z.strictObject({
  url: origin,
  bucketDomain: z
    .string()
    .min(1)
    .optional()
    .describe('host and port below which each bucket has a host of its own; those of the address, if left out'),
  region: z.string().min(1).default('us-east-1'),
  accessKeyId: z.union([z.string().min(1), environmentName]),
  secretAccessKey: environmentName.describe('where the secret is; it is never in the file'),
  minimumPartSize: z
    .int()
    .min(1)
    .default(5_242_880)
    .describe('bytes; smallest part of a multipart upload but the last'),
});

const deviationSchema = z.strictObject({
  case: z.string().describe('id of a case; an asterisk at the end stands for any end'),
  reason: z.string().min(1),
  link: z.url().optional(),
});

/** The description of a target, as it is in its JSON file. */
export const targetSchema = z.strictObject({
  name: z.string().min(1),
  preset: z.enum(presetNames).optional().describe('a known product, whose features are declared without being listed'),
  b2: b2Schema.optional(),
  s3: s3Schema.optional(),
  tls: z.strictObject({ caFile: z.string().min(1).describe('PEM file of certificates to trust') }).optional(),
  features: z.array(featureSchema).optional().describe('instead of those of the preset; all, without a preset'),
  deviations: z.array(deviationSchema).default([]),
  atRest: atRestSchema.optional(),
});

export type TargetInput = z.input<typeof targetSchema>;
export type Target = z.infer<typeof targetSchema>;
export type Deviation = z.infer<typeof deviationSchema>;

/**
 * Checks the description of a target.
 *
 * @throws ConformanceError `target`, with every problem in its message.
 *
 * @example
 * ```ts
 * const target = parseTarget({
 *   name: 'my server',
 *   s3: { url: 'http://localhost:9000', accessKeyId: 'user', secretAccessKey: { env: 'MY_SECRET' } },
 * });
 * assert.equal(target.s3?.region, 'us-east-1');
 * ```
 */
export function parseTarget(input: unknown): Target {
  const result = targetSchema.safeParse(input);
  if (!result.success) throw new ConformanceError('target', z.prettifyError(result.error));
  return result.data;
}

/** The features that a target declares. */
export function featuresOf({ features, preset }: Target): ReadonlySet<Feature> {
  return new Set(features ?? (preset === undefined ? featureSchema.options : presets[preset].features));
}

/** Those of some features that a target does not declare, or has not the section for. */
export function missingFeatures(target: Target, needs: readonly Feature[]): Feature[] {
  const declared = featuresOf(target);
  const isThere = (feature: Feature) => declared.has(feature) && (feature !== 'cross-api' || target.s3 !== undefined);
  return needs.filter((feature) => !isThere(feature));
}

/** Why a case cannot be run to which these features are missing. */
export function whatIsMissing(target: Target, missing: readonly Feature[]): string {
  if (missing.includes('cross-api') && target.s3 === undefined) return 'the target has no section s3';
  return `the target does not declare ${missing.join(', ')}`;
}

/** The known deviation that covers a case, if there is one. */
export function deviationOf({ deviations }: Target, id: string): Deviation | undefined {
  return deviations.find((known) =>
    known.case.endsWith('*') ? id.startsWith(known.case.slice(0, -1)) : known.case === id,
  );
}
