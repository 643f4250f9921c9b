import { concatBytes } from '@coffer/bytes';
import { EnvelopeError } from './envelope-error.ts';
import { labelledContext, requireId } from './labelled-context.ts';

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
  const partNumber = new Uint8Array(4);
  new DataView(partNumber.buffer).setUint32(0, context.partNumber);
  return concatBytes([labelledContext('coffer/blob/v1', requireId('file id', context.fileId), ''), partNumber]);
}
