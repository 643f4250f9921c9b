import { accepted, refused, type SseResult } from './result.ts';

/** All values of a header, in order; the name is lower-case. Empty if the header is absent. */
export type HeaderLookup = (name: string) => readonly string[];

/** One header field line; a list of them is what `new Headers()` takes. */
export type HeaderPair = [name: string, value: string];

/**
 * Headers to read, as they come: pairs of names and values (of `@coffer/http`, `Headers`, or any other list), the
 * `headers` object of Node, or a lookup over them. Names are compared without regard to case.
 *
 * `Headers` and Node's object have joined what came twice, or dropped it: give pairs where a second line must be
 * noticed for certain.
 */
export type HeaderSource =
  | HeaderLookup
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The header field lines of a source, in order; a lookup has none to give. */
export function headerLines(
  source: Exclude<HeaderSource, HeaderLookup>,
): Iterable<readonly [name: string, value: string]> {
  if (isIterable(source)) return source;
  return Object.entries(source).flatMap(([name, value]) => valuesOf(value).map((line) => [name, line] as const));
}

/** A lookup over headers, names compared without regard to case (RFC 9110 section 5.1). */
export function lookupIn(source: HeaderSource): HeaderLookup {
  if (typeof source === 'function') return source;
  const byName = new Map<string, string[]>();
  for (const [name, value] of headerLines(source)) {
    const key = name.toLowerCase();
    const values = byName.get(key);
    if (values === undefined) byName.set(key, [value]);
    else values.push(value);
  }
  return (name) => byName.get(name.toLowerCase()) ?? [];
}

function isIterable(
  source: Exclude<HeaderSource, HeaderLookup>,
): source is Iterable<readonly [name: string, value: string]> {
  return Symbol.iterator in source;
}

function valuesOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/**
 * Reads headers that may come once; two of one are refused. Outer white space is not part of a value (RFC 9110 section
 * 5.5).
 */
export function readOnce<Key extends string>(
  headers: HeaderSource,
  names: Readonly<Record<Key, string>>,
): SseResult<Record<Key, string | undefined>> {
  const get = lookupIn(headers);
  const found: Partial<Record<Key, string | undefined>> = {};
  for (const key of Object.keys(names) as Key[]) {
    const name = names[key];
    const values = get(name.toLowerCase());
    if (values.length > 1) return refused('duplicate_parameter', name);
    found[key] = values[0]?.trim();
  }
  return accepted(found as Record<Key, string | undefined>);
}
