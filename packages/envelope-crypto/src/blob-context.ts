import { EnvelopeError } from './envelope-error.ts';
import { requireId } from './labelled-context.ts';

const encoder = new TextEncoder();
const label = 'coffer/blob/v1';
const partNumberLength = 4;

/** Where a blob belongs. It is part of the blob's key derivation, so a blob opens nowhere else. */
export interface BlobContext {
  /** The file version's id. */
  readonly fileId: string;
  /** The part of a large file, from 1; 0 for a regular file's only blob. */
  readonly partNumber: number;
}

/**
 * The context as bytes: `"coffer/blob/v1" ‖ 0x00 ‖ fileId ‖ 0x00 ‖ uint32(partNumber)`.
 *
 * @throws EnvelopeError `malformed` for a file id that is not visible ASCII or a part number that is no unsigned 32-bit
 * integer.
 */
export function encodeBlobContext(context: BlobContext): Uint8Array {
  if (context.partNumber !== context.partNumber >>> 0)
    throw new EnvelopeError('malformed', 'A part number must be an unsigned 32-bit integer');
  // Into one array: each small file that is read or written has its context made.
  const text = `${label}\0${requireId('file id', context.fileId)}\0`;
  const bytes = new Uint8Array(text.length + partNumberLength);
  encoder.encodeInto(text, bytes);
  for (let i = 1; i <= partNumberLength; i++) bytes[bytes.length - i] = context.partNumber >>> (8 * (i - 1));
  return bytes;
}
