import { formatServerTime, parseAmzDate } from '../request/amz-date.ts';
import { SigV4Error, invalidArgument, type SigV4ErrorDetails } from '../request/sigv4-error.ts';
import { asymmetricNotImplemented } from '../signature/payload-mode.ts';
import { versionTwoRefused } from './authentication-scheme.ts';
import { longestExpiry } from './presigned-parameters.ts';
import {
  allowedSkewMs,
  parseCredential,
  requireSameDay,
  type ClaimRefusal,
  type ClaimRules,
  type SignatureClaim,
} from './signature-claim.ts';

/** A field of a form, with its name in any case. */
export type FormField = readonly [name: string, value: string];

/** What a form says of the signature of its policy. None of it is verified yet. */
export interface PolicyClaim extends Pick<SignatureClaim, 'accessKeyId' | 'scope' | 'signature'> {
  /** As it came, a code unit per byte of UTF-8. */
  readonly policy: string;
}

/** The fields that matter here, by the names that S3 gives them. */
const signing = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Signature'] as const;
const versionTwo = ['AWSAccessKeyId', 'Signature'] as const;
const known = [...signing, ...versionTwo, 'Policy', 'X-Amz-Security-Token'] as const;
type FieldName = (typeof known)[number];

const byLowerCase: ReadonlyMap<string, FieldName> = new Map(known.map((name) => [name.toLowerCase(), name]));

const encoder = new TextEncoder();

/**
 * Reads the fields of a form that say who signed its policy; undefined if none does, whether there is a policy or not.
 *
 * @throws SigV4Error `InvalidArgument` for what is missing, doubled or malformed, and another region; `AccessDenied`
 * for a signature whose time has not come or is over; `InvalidRequest` for one of Version 2, `NotImplemented` for one
 * of Version 4A, `InvalidToken` for credentials of a session.
 */
export function parsePolicyFields(fields: Iterable<FormField>, rules: ClaimRules): PolicyClaim | undefined {
  const given = fieldsOf(fields);
  if (!signing.some((name) => given.has(name))) {
    if (versionTwo.some((name) => given.has(name))) throw versionTwoRefused();
    return undefined;
  }
  requireAlgorithm(requiredField(given, 'X-Amz-Algorithm'));
  const credential = requiredField(given, 'X-Amz-Credential');
  const date = requiredField(given, 'X-Amz-Date');
  const signature = requiredField(given, 'X-Amz-Signature');
  const policy = wireText(requiredField(given, 'Policy'));
  if (given.has('X-Amz-Security-Token'))
    throw new SigV4Error('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  const refusal: ClaimRefusal = (fault, details) => refused('X-Amz-Credential', credential, fault, details);
  const { accessKeyId, scope } = parseCredential(credential, rules, refusal);
  const begin = parseAmzDate(date);
  if (begin === undefined) throw refused('X-Amz-Date', date, 'X-Amz-Date must be formated via ISO8601 Long format');
  requireSameDay(scope, date, refusal);
  requireValidNow(begin, rules.now);
  return { accessKeyId, scope, signature, policy };
}

function fieldsOf(fields: Iterable<FormField>): ReadonlyMap<FieldName, string> {
  const given = new Map<FieldName, string>();
  for (const [name, value] of fields) {
    const field = byLowerCase.get(name.toLowerCase());
    if (field === undefined) continue;
    if (given.has(field)) throw invalidArgument(`Bucket POST must contain only one field named '${field}'.`, field);
    given.set(field, value);
  }
  return given;
}

function requiredField(given: ReadonlyMap<FieldName, string>, name: FieldName): string {
  const value = given.get(name);
  if (value !== undefined) return value;
  const hint = 'If it is specified, please check the order of the fields.';
  throw refused(name, '', `Bucket POST must contain a field named '${name}'.  ${hint}`);
}

function requireAlgorithm(algorithm: string): void {
  if (algorithm === 'AWS4-ECDSA-P256-SHA256') throw asymmetricNotImplemented();
  if (algorithm !== 'AWS4-HMAC-SHA256')
    throw refused('X-Amz-Algorithm', algorithm, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
}

/**
 * The policy says when it expires; beside that, no signature of Version 4 is valid for more than a week ("Amazon S3
 * Signature Version 4 authentication specific policy keys", `s3:signatureAge`).
 */
function requireValidNow(begin: number, now: number): void {
  if (now < begin - allowedSkewMs) throw new SigV4Error('AccessDenied', 'Request is not valid yet');
  const end = begin + longestExpiry * 1000;
  if (now <= end) return;
  const details = { Expires: formatServerTime(end), ServerTime: formatServerTime(now) };
  throw new SigV4Error('AccessDenied', 'Request has expired', details);
}

/** None of these fields is secret, so the value is told, as S3 does. */
function refused(name: FieldName, value: string, fault: string, details?: SigV4ErrorDetails): SigV4Error {
  return new SigV4Error('InvalidArgument', fault, { ArgumentName: name, ArgumentValue: value, ...details });
}

/** What the text is in UTF-8, a code unit per byte. */
function wireText(text: string): string {
  let wire = '';
  for (const byte of encoder.encode(text)) wire += String.fromCharCode(byte);
  return wire;
}
