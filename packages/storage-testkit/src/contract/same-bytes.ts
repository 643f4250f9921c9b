/**
 * Whether both are plain byte arrays of equal content. For large arrays: a matcher of vitest would compare, and print,
 * byte by byte.
 */
export function sameBytes(actual: Uint8Array | undefined, expected: Uint8Array): boolean {
  if (actual === undefined || Object.getPrototypeOf(actual) !== Uint8Array.prototype) return false;
  return Buffer.compare(actual, expected) === 0;
}
