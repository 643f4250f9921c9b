import type { ByteRange } from '@coffer/bytes';

/**
 * What a `Range` header asks for: nothing, an inclusive run of positions (`last` undefined: to the end), or the last
 * `length` bytes.
 */
export type RangeRequest =
  | { readonly kind: 'none' }
  | { readonly kind: 'range'; readonly first: number; readonly last: number | undefined }
  | { readonly kind: 'suffix'; readonly length: number };

/** How a range request applies to a representation of a known size. */
export type ResolvedRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'unsatisfiable' };

const rangeSpec = /^(\d*)-(\d*)$/;

/**
 * Reads a `Range` header (RFC 9110 section 14.2). Only a single byte range is supported; for another unit, several
 * ranges or bad syntax the answer is `ignored`: the request is served as if it had no range, which the RFC allows, and
 * requires for an unknown unit.
 */
export function parseRange(header: string | undefined): RangeRequest | 'ignored' {
  if (header === undefined) return { kind: 'none' };
  const equals = header.indexOf('=');
  if (equals === -1 || header.slice(0, equals).trim().toLowerCase() !== 'bytes') return 'ignored';
  const specs = header
    .slice(equals + 1)
    .split(',')
    .map((spec) => spec.replaceAll(/^[ \t]+|[ \t]+$/g, ''))
    .filter((spec) => spec !== '');
  const [only] = specs;
  return only === undefined || specs.length > 1 ? 'ignored' : parseSpec(only);
}

function parseSpec(spec: string): RangeRequest | 'ignored' {
  const [, first = '', last = ''] = rangeSpec.exec(spec) ?? [];
  if (first === '') return last === '' ? 'ignored' : { kind: 'suffix', length: position(last) };
  const range = { kind: 'range', first: position(first), last: last === '' ? undefined : position(last) } as const;
  return range.last !== undefined && range.last < range.first ? 'ignored' : range;
}

/** No representation is as long as the greatest safe integer, so a greater position means the same. */
function position(digits: string): number {
  return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

/**
 * The bytes meant, of a representation of `size` bytes: an end behind the last byte is clipped, and what begins behind
 * it (any range of an empty representation, and a suffix of no bytes) is unsatisfiable.
 *
 * @example
 * ```ts
 * assert.deepEqual(resolveRange(parseRange('bytes=-5'), 11), { kind: 'part', range: { start: 6, length: 5 } });
 * assert.deepEqual(resolveRange(parseRange('bytes=11-'), 11), { kind: 'unsatisfiable' });
 * ```
 */
export function resolveRange(request: RangeRequest | 'ignored', size: number): ResolvedRange {
  if (request === 'ignored' || request.kind === 'none') return { kind: 'whole' };
  const start = request.kind === 'suffix' ? Math.max(0, size - request.length) : request.first;
  if (start >= size) return { kind: 'unsatisfiable' };
  const last = request.kind === 'suffix' ? undefined : request.last;
  const end = last === undefined ? size : Math.min(size, last + 1);
  return { kind: 'part', range: { start, length: end - start } };
}

/**
 * The `Content-Range` of an answer with status 206 (RFC 9110 section 14.4), for a representation of `size` bytes.
 *
 * @throws RangeError for an empty range, which the header cannot express, or one that is not inside the representation.
 */
export function formatContentRange(range: ByteRange, size: number): string {
  const end = range.start + range.length;
  if (range.start < 0 || range.length < 1 || end > size) {
    throw new RangeError(`${range.length} bytes from ${range.start} are no part of ${size} bytes`);
  }
  return `bytes ${range.start}-${end - 1}/${size}`;
}

/** The `Content-Range` of an answer with status 416 (RFC 9110 section 15.5.17). */
export function unsatisfiedContentRange(size: number): string {
  return `bytes */${size}`;
}
