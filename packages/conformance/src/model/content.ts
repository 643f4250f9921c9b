/** Bytes, or the target's minimum part size plus so many bytes (which may be negative). */
export type Size = number | { readonly minimumPart: number };

/** The content of a file, described so that a case stays short: the same description always means the same bytes. */
export type Content =
  { readonly size: Size; readonly seed: number } | { readonly text: string } | { readonly concat: readonly Content[] };

export function sizeInBytes(size: Size, minimumPart: number): number {
  return typeof size === 'number' ? size : minimumPart + size.minimumPart;
}

/**
 * The bytes that a description means.
 *
 * @example
 * ```ts
 * const bytes = contentBytes({ size: { minimumPart: 1 }, seed: 7 }, 5_000_000);
 * assert.equal(bytes.length, 5_000_001);
 * ```
 */
export function contentBytes(content: Content, minimumPart: number): Uint8Array {
  if ('text' in content) return new TextEncoder().encode(content.text);
  if ('concat' in content) return Buffer.concat(content.concat.map((part) => contentBytes(part, minimumPart)));
  return seededBytes(sizeInBytes(content.size, minimumPart), content.seed);
}

/** Marsaglia's xorshift with 32 bits: fast, and without a period that a chunk size could hide. */
function seededBytes(size: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = (seed * 0x9e3779b1) >>> 0 || 1;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state >>> 0;
  }
  return new Uint8Array(words.buffer, 0, size);
}
