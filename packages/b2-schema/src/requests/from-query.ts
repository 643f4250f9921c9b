import { parseStrictJson } from '@coffer/bytes';
import type * as z from 'zod';
import { problem, type RequestResult } from './header-request.ts';
import type { FieldRow } from './extension-row.ts';

/** The query parameter in which a download may carry its token. It is not a field of the request. */
export const tokenParameter = 'Authorization';

type Shape = 'text' | 'number' | 'boolean' | 'array' | 'object';

/**
 * The JSON that the query of a GET stands for, to be given to `parseRequest`: numbers and booleans as text, arrays and
 * objects as JSON text, an array of strings also as a comma-separated or repeated parameter. An empty value is absent,
 * unless the row says that it means something. Pairs are decoded.
 *
 * A customer key in a query is refused: URLs end up in logs.
 */
export function fromQuery(
  row: FieldRow,
  pairs: Iterable<readonly [name: string, value: string]>,
): RequestResult<Record<string, unknown>> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    if ((value === '' && !mayBeEmpty(row, name)) || (name === tokenParameter && takesToken(row))) continue;
    const given = values.get(name);
    if (given === undefined) values.set(name, [value]);
    else given.push(value);
  }
  const wire: [string, unknown][] = [];
  for (const [name, texts] of values) {
    const read = readField(name, shapeOf(row, name), texts);
    if (!read.ok) return read;
    wire.push([name, read.value]);
  }
  return { ok: true, value: Object.fromEntries(wire) };
}

function mayBeEmpty(row: FieldRow, name: string): boolean {
  return row.kind === 'json' && row.emptyInQuery?.includes(name) === true;
}

function takesToken(row: FieldRow): boolean {
  return row.kind === 'download' && row.tokenInQuery;
}

function readField(name: string, shape: Shape, texts: readonly string[]): RequestResult<unknown> {
  const [first = ''] = texts;
  if (shape === 'array') return readArray(name, first, texts);
  if (texts.length > 1) return problem(`parameter ${name.slice(0, 64)} is given more than once`);
  if (shape === 'object') return readObject(name, first);
  if (shape === 'number') return { ok: true, value: /^-?\d{1,16}$/.test(first) ? Number(first) : first };
  if (shape === 'boolean' && (first === 'true' || first === 'false')) return { ok: true, value: first === 'true' };
  return { ok: true, value: first };
}

function readArray(name: string, first: string, texts: readonly string[]): RequestResult<unknown> {
  if (texts.length > 1) return { ok: true, value: texts };
  return first.startsWith('[') ? readJson(name, first) : { ok: true, value: first.split(',') };
}

function readObject(name: string, text: string): RequestResult<unknown> {
  const read = readJson(name, text);
  if (!read.ok || typeof read.value !== 'object' || read.value === null || !('customerKey' in read.value)) return read;
  return problem('A customer key must not be sent in a URL', { field: name, violation: 'customer_key_not_allowed' });
}

function readJson(name: string, text: string): RequestResult<unknown> {
  const read = parseStrictJson(text);
  if (read.ok) return read;
  if (read.problem === 'syntax') return problem(`parameter ${name} is not JSON`, { field: name });
  return problem(`parameter ${name}: ${read.message}`, { field: name });
}

function shapeOf(row: FieldRow, name: string): Shape {
  const shape: Readonly<Record<string, z.core.$ZodType>> = row.request.shape;
  const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
  return field === undefined ? 'text' : wireShape(field);
}

/** The kind of JSON that a field has on the wire, found by looking through wrappers and codecs. */
function wireShape(schema: z.core.$ZodType): Shape {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
      return wireShape(def.innerType);
    case 'pipe':
      return wireShape(def.in);
    case 'number':
    case 'boolean':
    case 'array':
    case 'object':
      return def.type;
    case 'record':
      return 'object';
    default:
      return 'text';
  }
}
