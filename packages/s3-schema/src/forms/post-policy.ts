import { decodeBase64, parseStrictJson } from '@coffer/bytes';
import { parseIsoDate } from '../values/dates.ts';
import { S3Error } from '../values/s3-error.ts';
import { textOfUtf8 } from '../values/text.ts';

/** What a policy demands of a field, or of the length of the file. `text`: the condition as errors show it. */
export type PolicyCondition =
  | { readonly kind: 'equals' | 'startsWith'; readonly field: string; readonly value: string; readonly text: string }
  | { readonly kind: 'length'; readonly minBytes: number; readonly maxBytes: number }
  /** The service takes it for a condition, but no form meets it. */
  | { readonly kind: 'impossible'; readonly text: string };

/** A policy under which a form may be sent. */
export interface PostPolicy {
  /** The last moment at which it is valid, in milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly conditions: readonly PolicyCondition[];
}

/** A policy has some 20 KB, as the form that it is in. */
const limits = { values: 20_000, keys: 1000 };
const members: readonly string[] = ['expiration', 'conditions'];

/**
 * Reads the field `policy`: JSON in base64 (AWS docs "POST Policy"). Names of fields and of operations are compared
 * without regard to case, and given in lower case.
 *
 * @throws S3Error `InvalidPolicyDocument`
 */
export function parsePostPolicy(policy: string): PostPolicy {
  const bytes = decodeBase64(policy);
  if (bytes === undefined) throw invalidPolicy('Invalid Base64 encoding.');
  const read = parseStrictJson(textOfUtf8(bytes) ?? '', limits);
  if (!read.ok || !isObject(read.value)) throw invalidPolicy('Invalid JSON.');
  const { expiration, conditions } = read.value;
  const unknown = Object.keys(read.value).find((name) => !members.includes(name));
  if (unknown !== undefined) throw invalidPolicy(`Unexpected: '${unknown}'`);
  if (expiration === undefined) throw invalidPolicy('Policy missing expiration.');
  if (conditions === undefined) throw invalidPolicy('Policy missing conditions.');
  if (!Array.isArray(conditions)) throw invalidPolicy("Invalid 'conditions' value: must be a List.");
  return { expiresAt: parseExpiration(expiration), conditions: conditions.map(parseCondition) };
}

/** In UTC: another zone is refused, as the service does. */
function parseExpiration(value: unknown): number {
  const expiresAt = typeof value === 'string' && value.endsWith('Z') ? parseIsoDate(value) : undefined;
  if (expiresAt === undefined) throw invalidPolicy(`Invalid 'expiration' value: '${shown(value)}'`);
  return expiresAt;
}

function parseCondition(condition: unknown): PolicyCondition {
  if (Array.isArray(condition)) return parseOperation(condition);
  if (isObject(condition)) return parseSimple(condition);
  throw invalidPolicy('Invalid Condition: must be a List or Object.');
}

/** `{ "field": "value" }` */
function parseSimple(condition: Readonly<Record<string, unknown>>): PolicyCondition {
  const [entry, ...others] = Object.entries(condition);
  if (entry === undefined || others.length > 0)
    throw invalidPolicy('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
  const [name, value] = entry;
  if (typeof value !== 'string') throw invalidPolicy('Invalid Simple-Condition: value must be a string.');
  return { kind: 'equals', field: name.toLowerCase(), value, text: textOf(['eq', `$${name}`, value]) };
}

/** `["eq", "$field", "value"]`, `["starts-with", "$field", "prefix"]`, `["content-length-range", 0, 1024]` */
function parseOperation(condition: readonly unknown[]): PolicyCondition {
  const [operation, one, other] = condition;
  if (typeof operation !== 'string') throw invalidPolicy('Invalid Condition: missing operation identifier.');
  const name = operation.toLowerCase();
  if (name !== 'eq' && name !== 'starts-with' && name !== 'content-length-range')
    throw invalidPolicy(`Invalid Condition: unknown operation '${operation}'.`);
  if (condition.length !== 3) throw invalidPolicy(`Invalid ${name}: wrong number of arguments.`);
  const text = textOf(condition);
  if (name === 'content-length-range') return parseRange(one, other, text);
  if (typeof one !== 'string' || typeof other !== 'string') throw invalidPolicy(`Invalid ${name}: must be strings.`);
  if (!one.startsWith('$')) return { kind: 'impossible', text };
  const kind = name === 'eq' ? 'equals' : 'startsWith';
  return { kind, field: one.slice(1).toLowerCase(), value: other, text };
}

function parseRange(min: unknown, max: unknown, text: string): PolicyCondition {
  const [minBytes, maxBytes] = [lengthOf(min), lengthOf(max)];
  return minBytes === undefined || maxBytes === undefined
    ? { kind: 'impossible', text }
    : { kind: 'length', minBytes, maxBytes };
}

/** A length in bytes, also in quotes; undefined for a text that is none. */
function lengthOf(value: unknown): number | undefined {
  if (typeof value === 'string') return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw invalidPolicy('Invalid content-length-range: must be lengths in bytes.');
}

/** A condition as the service shows it. */
function textOf(condition: readonly unknown[]): string {
  return `[${condition.map((item) => JSON.stringify(item)).join(', ')}]`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function invalidPolicy(fault: string): S3Error {
  return new S3Error('InvalidPolicyDocument', { message: `Invalid Policy: ${fault}` });
}
