import {
  sseViolations,
  wipeEncryption,
  wipingRefusedKeys,
  type EncryptionRequest,
  type SseViolation,
} from '@coffer/sse-schema';
import * as z from 'zod';
import type { ApiVersion } from '../values/api-version.ts';
import { isB2ErrorCode } from '../values/error-codes.ts';
import { problem, type RequestProblem, type RequestResult } from './header-request.ts';
import type { FieldRow } from './extension-row.ts';

/**
 * The values of a request from its JSON, or what to answer. Explicit nulls are absent fields; an unknown field, and a
 * field of another version, are refused with the service's texts. `version` is that of the call.
 *
 * @example
 * ```ts
 * const row = operations.b2_list_file_names;
 * const read = parseRequest(row, { bucketId: '8d625eb63be2775577c70e1a', maxFileCount: 10 }, 'v4');
 * assert.equal(read.ok && read.value.maxFileCount, 10);
 * const refused = parseRequest(row, { bucketId: '8d625eb63be2775577c70e1a', prefxi: 'x' }, 'v4');
 * assert.equal(refused.ok, false);
 * assert.equal(refused.field, 'prefxi');
 * ```
 */
export function parseRequest<Row extends FieldRow>(
  row: Row,
  wire: unknown,
  version: ApiVersion = 'v4',
): RequestResult<z.output<Row['request']>> {
  if ('ignoresBody' in row) return { ok: true, value: {} as z.output<Row['request']> };
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) {
    return problem('The request must be a JSON object');
  }
  const fields = presentFields(row, wire);
  const foreign = Object.keys(fields).find((field) => !existsIn(row, field, version));
  if (foreign !== undefined) return unknownField(row, foreign);
  return wipingRefusedKeys((): RequestResult<z.output<Row['request']>> => {
    const parsed = row.request.safeParse(fields);
    if (parsed.success) return { ok: true, value: parsed.data as z.output<Row['request']> };
    return refusalOf(row, fields, parsed.error.issues);
  });
}

/**
 * The JSON with which a client sends `value`; the inverse of {@link parseRequest}. May hold a customer key in clear.
 */
export function printRequest<Row extends FieldRow>(row: Row, value: z.output<Row['request']>): z.input<Row['request']> {
  return z.encode(row.request, value) as z.input<Row['request']>;
}

/** Zeroes the customer keys of a request, when it is done. */
export function wipeRequest(request: object): void {
  for (const [field, value] of Object.entries(request) as [string, EncryptionRequest | undefined][]) {
    if (/serverSideEncryption$/i.test(field) && typeof value === 'object') wipeEncryption(value);
  }
}

function presentFields(row: FieldRow, wire: object): Record<string, unknown> {
  const aliases = 'aliases' in row ? row.aliases : undefined;
  const entries = Object.entries(wire).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([field, value]): [string, unknown] => [aliasOf(aliases, field), value]));
}

function aliasOf(aliases: Readonly<Record<string, string>> | undefined, field: string): string {
  return aliases !== undefined && Object.hasOwn(aliases, field) ? (aliases[field] ?? field) : field;
}

function existsIn(row: FieldRow, field: string, version: ApiVersion): boolean {
  const limited = 'fieldVersions' in row ? row.fieldVersions : undefined;
  if (limited === undefined || !Object.hasOwn(limited, field)) return true;
  return limited[field]?.includes(version) === true;
}

// Longer than the name of any field. A name that the caller made up is cut to this before it is shown.
const longestShownField = 64;

function unknownField(row: FieldRow, field: string, within: string = row.requestType): RequestProblem {
  const shown = field.slice(0, longestShownField);
  return problem(`unknown field in ${within}: ${shown}`, { field: shown });
}

function refusalOf(row: FieldRow, fields: object, issues: readonly z.core.$ZodIssue[]): RequestProblem {
  // A missing field is reported first, because checks that depend on it fail only since it is absent.
  const missing = issues.find((issue) => isMissing(fields, issue));
  if (missing !== undefined) {
    const field = String(missing.path.at(-1));
    return problem(`required field ${field} is missing`, { field });
  }
  const [issue] = issues;
  return issue === undefined ? problem('The request is malformed') : problemOf(row, issue);
}

function problemOf(row: FieldRow, issue: z.core.$ZodIssue): RequestProblem {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return unknownField(row, issue.keys[0] ?? '', path === '' ? row.requestType : path);
  }
  const field = path === '' ? {} : { field: path };
  if (issue.code !== 'custom') return problem(`${path}: ${issue.message}`, field);
  const codes = codesOf(issue.params);
  const message = codes.violation === undefined ? issue.message : withWholePath(issue.message, issue.path, path);
  return problem(message, { ...field, ...codes });
}

/**
 * Messages of encryption rules name a member without its setting, and a copy has two settings; so the whole path is put
 * in.
 */
function withWholePath(message: string, path: readonly PropertyKey[], text: string): string {
  const member = `(${String(path.at(-1))})`;
  return message.endsWith(member) ? `${message.slice(0, -member.length)}(${text})` : message;
}

function codesOf(params: Record<string, unknown> | undefined): Partial<RequestProblem> {
  const code = params?.['b2'];
  const violation = sseViolations.find((name): name is SseViolation => name === params?.['sse']);
  return {
    ...(typeof code === 'string' && isB2ErrorCode(code) ? { code } : {}),
    ...(violation === undefined ? {} : { violation }),
  };
}

/** Whether the issue is that a field is not there. */
function isMissing(fields: object, issue: z.core.$ZodIssue): boolean {
  if (issue.path.length === 0 || issue.code === 'custom' || issue.code === 'unrecognized_keys') return false;
  const value = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    fields,
  );
  return value === undefined;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = String(key).slice(0, longestShownField);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}
