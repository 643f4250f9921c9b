/**
 * An array for `length` bytes that the caller writes, all of them, before anybody sees one: what is in it before is
 * whatever was in that memory. Zeroing 64 KiB first takes as long as sealing them. No other array lies in its buffer.
 */
export function unwrittenBytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}
