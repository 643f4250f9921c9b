import fc from 'fast-check';

/** The plaintext bytes of an encrypted chunk; sizes near its multiples are where mistakes are (docs/format.md). */
const chunkLength = 16_384;

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/**
 * File names as B2 allows them ("Files" in the B2 documentation): 1 to 1,024 bytes of UTF-8, no character below 32 or
 * equal to 127, no `/` at the start or end and no two `/` in a row. They include non-BMP characters and share prefixes,
 * to test listings.
 */
export function fileNames(): fc.Arbitrary<string> {
  const character = fc
    .oneof(
      { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', '0', '.', ' ', '%', '+', '&', '-') },
      { weight: 2, arbitrary: fc.constantFrom('/', 'é', '\u07ff', '\uffee', '\u{10000}', '\u{10ffff}') },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
    )
    // eslint-disable-next-line no-control-regex -- the pattern looks for control characters, which names must not have
    .filter((text) => !/[\u0000-\u001f\u007f]/.test(text));
  const segments = fc.array(character, { minLength: 1, maxLength: 300 }).map((characters) => characters.join(''));
  return segments
    .map((name) => name.replace(/^\/+|\/+$/g, '').replace(/\/{2,}/g, '/'))
    .filter((name) => name !== '' && utf8Length(name) <= 1_024);
}

/**
 * File information: up to 10 entries, lower-case names of up to 50 characters (`__proto__` among them), any text as
 * value.
 */
export function fileInfos(): fc.Arbitrary<Readonly<Record<string, string>>> {
  const name = fc.oneof(
    fc.constantFrom('src_last_modified_millis', 'large_file_sha1', '__proto__', 'constructor', 'b2-cache-control'),
    fc.stringMatching(/^[a-z0-9_-]{1,50}$/),
  );
  const entry = fc.tuple(name, fc.string({ unit: 'grapheme', maxLength: 40 }));
  return fc.array(entry, { maxLength: 10 }).map((entries) => Object.fromEntries(entries));
}

/** Bucket names: 6 to 63 letters, digits and `-`, not beginning with `b2-`. */
export function bucketNames(): fc.Arbitrary<string> {
  return fc.stringMatching(/^[A-Za-z0-9-]{6,63}$/).filter((name) => !/^b2-/i.test(name));
}

/** Payloads of 0 to some `maximumLength` bytes, often within a byte of a multiple of 16 KiB. */
export function payloads({ maximumLength = 5 * chunkLength } = {}): fc.Arbitrary<Uint8Array> {
  const boundary = fc
    .tuple(fc.nat({ max: Math.floor(maximumLength / chunkLength) }), fc.integer({ min: -1, max: 1 }))
    .map(([chunks, offset]) => Math.min(maximumLength, Math.max(0, chunks * chunkLength + offset)));
  const length = fc.oneof(
    { weight: 3, arbitrary: boundary },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 15, 16, 17) },
    { weight: 2, arbitrary: fc.nat({ max: maximumLength }) },
  );
  return fc
    .tuple(length, fc.nat({ max: 255 }), fc.nat({ max: 250 }))
    .map(([bytes, start, step]) => ramp(bytes, start, step + 1));
}

/**
 * `payload` cut into pieces: mostly few, sometimes of one byte, empty ones in between. Together they are the payload.
 */
export function cuttings(payload: Uint8Array): fc.Arbitrary<readonly Uint8Array[]> {
  return fc.array(fc.nat({ max: payload.length }), { maxLength: 12 }).map((cuts) => {
    const bounds = [0, ...cuts.sort((a, b) => a - b), payload.length];
    return bounds.slice(1).map((end, i) => payload.slice(bounds[i], end));
  });
}

/** A payload together with a cutting of it. */
export function cutPayloads(
  options: { readonly maximumLength?: number } = {},
): fc.Arbitrary<{ readonly payload: Uint8Array; readonly pieces: readonly Uint8Array[] }> {
  return payloads(options).chain((payload) => cuttings(payload).map((pieces) => ({ payload, pieces })));
}

function ramp(length: number, start: number, step: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (start + (i % 65_521) * step) & 0xff);
}
