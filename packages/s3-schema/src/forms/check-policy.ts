import { S3Error } from '../values/s3-error.ts';
import type { FileBounds } from './file-bounds.ts';
import { fieldsByName, missingField, type FormField } from './form-fields.ts';
import { parsePostPolicy, type PolicyCondition } from './post-policy.ts';

/** A form that was sent under a policy. */
export interface SentForm {
  /** The fields before the file, the policy among them. */
  readonly fields: Iterable<FormField>;
  /** The name of the file on the sender's machine. */
  readonly fileName: string;
  /** The bucket that the form was sent to. */
  readonly bucket: string;
}

/** Fields that no condition has to cover (AWS docs "POST Policy", "Conditions"). */
const exempt: readonly string[] = ['x-amz-signature', 'file', 'policy'];
const ignoredPrefix = 'x-ignore-';

/**
 * Checks that a form is one that its policy allows at `now`, in milliseconds since the epoch: that the policy has not
 * expired, that all conditions are met, and that each field, and the bucket, is in one. Whether the policy is signed is
 * not looked at: see `Verifier.verifyPolicy` of `@coffer/sigv4`. A condition on a field that the form does not have is
 * not met, whatever it says.
 *
 * @returns how long the file may be, for `boundFile`.
 * @throws S3Error `AccessDenied` with what is not met, `InvalidPolicyDocument` for what is no policy, `InvalidArgument`
 * for a form without one, or with a field twice.
 *
 * @example
 * ```ts
 * const conditions = [{ bucket: 'b' }, ['starts-with', '$key', 'user/'], ['content-length-range', 0, 1024]];
 * const document = JSON.stringify({ expiration: '2026-01-02T03:04:05Z', conditions });
 * const policy = encodeBase64(new TextEncoder().encode(document));
 * const check = (key) =>
 *   checkPolicy({ fields: [['policy', policy], ['key', key]], fileName: 'c.png', bucket: 'b' }, Date.UTC(2026, 0, 1));
 * assert.deepEqual(check('user/${filename}'), { minBytes: 0, maxBytes: 1024 });
 * assert.throws(() => check('other'), { code: 'AccessDenied' });
 * ```
 */
export function checkPolicy({ fields, fileName, bucket }: SentForm, now: number): FileBounds {
  const sent = [...fields];
  const byName = fieldsByName(sent, fileName);
  const document = byName.get('policy');
  if (document === undefined) throw missingField('Policy');
  const policy = parsePostPolicy(document);
  if (now > policy.expiresAt) throw notAllowed('Policy expired.');
  const values = new Map([...byName, ['bucket', bucket] as const]);
  for (const condition of policy.conditions)
    if (condition.kind !== 'length' && !isMet(condition, values))
      throw notAllowed(`Policy Condition failed: ${condition.text}`);
  requireCovered([...sent.map(([name]) => name), 'bucket'], policy.conditions);
  return boundsOf(policy.conditions);
}

type FieldCondition = Exclude<PolicyCondition, { readonly kind: 'length' }>;

function isMet(condition: FieldCondition, values: ReadonlyMap<string, string>): boolean {
  if (condition.kind === 'impossible') return false;
  const value = values.get(condition.field);
  if (value === undefined) return false;
  if (condition.kind === 'equals') return value === condition.value;
  // Only content types are taken for lists (AWS docs "POST Policy", "Condition Matching").
  const all = condition.field === 'content-type' ? value.split(',') : [value];
  return all.every((one) => one.startsWith(condition.value));
}

function requireCovered(names: readonly string[], conditions: readonly PolicyCondition[]): void {
  const covered = new Set(conditions.flatMap((condition) => ('field' in condition ? [condition.field] : [])));
  const extra = names.filter((name) => {
    const lower = name.toLowerCase();
    return !covered.has(lower) && !exempt.includes(lower) && !lower.startsWith(ignoredPrefix);
  });
  if (extra.length > 0) throw notAllowed(`Extra input fields: ${[...new Set(extra)].join(', ')}`);
}

/** What all conditions allow. */
function boundsOf(conditions: readonly PolicyCondition[]): FileBounds {
  const ranges = conditions.filter((condition) => condition.kind === 'length');
  return {
    minBytes: Math.max(0, ...ranges.map(({ minBytes }) => minBytes)),
    maxBytes: Math.min(Infinity, ...ranges.map(({ maxBytes }) => maxBytes)),
  };
}

function notAllowed(fault: string): S3Error {
  return new S3Error('AccessDenied', { message: `Invalid according to Policy: ${fault}` });
}
