import { accepted, refused, type SseResult } from './result.ts';

/** All values of a header, in order; the name is lower-case. Empty if the header is absent. */
export type HeaderLookup = (name: string) => readonly string[];

/** One header to send. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** A lookup over header fields, names compared without case (RFC 9110 section 5.1). */
export function lookupIn(fields: Iterable<HeaderField>): HeaderLookup {
  const byName = new Map<string, string[]>();
  for (const { name, value } of fields) {
    const key = name.toLowerCase();
    const values = byName.get(key);
    if (values === undefined) byName.set(key, [value]);
    else values.push(value);
  }
  return (name) => byName.get(name.toLowerCase()) ?? [];
}

/** Reads headers that may come once; two of one are refused. Outer white space is not part of a value (RFC 9110 section 5.5). */
export function readOnce<Key extends string>(
  get: HeaderLookup,
  names: Readonly<Record<Key, string>>,
): SseResult<Record<Key, string | undefined>> {
  const found: Partial<Record<Key, string | undefined>> = {};
  for (const key of Object.keys(names) as Key[]) {
    const name = names[key];
    const values = get(name.toLowerCase());
    if (values.length > 1) return refused('duplicate_parameter', name);
    found[key] = values[0]?.trim();
  }
  return accepted(found as Record<Key, string | undefined>);
}
