import { WRAPPED_KEY_LENGTH } from './wrapped-key.ts';
import { VERIFIER_LENGTH } from './customer-key-verifier.ts';
import { EnvelopeError } from './envelope-error.ts';
import { requireId } from './labelled-context.ts';
import { MAX_PLAINTEXT_LENGTH } from './blob-layout.ts';

/** How a file version is encrypted: not at all, by a global key, or by a customer's key. */
export type EncryptionMode = 'none' | 'SSE-B2' | 'SSE-C';

/** One blob of a file version. */
export interface SealedPart {
  /** The part of a large file, from 1; 0 for a regular file's only blob. */
  readonly partNumber: number;
  /** The blob's id in the blob store, visible ASCII. */
  readonly blobId: string;
  /** Plaintext bytes. */
  readonly size: number;
}

/** What says which blobs make up a file version and how they are encrypted. */
export interface EncryptionRecord {
  readonly mode: EncryptionMode;
  /** The global key that the record's seal is made with, in every mode; in mode SSE-B2 it also wraps the file key. */
  readonly globalKeyId: string;
  readonly bucketId: string;
  readonly fileId: string;
  readonly fileName: string;
  /** Plaintext bytes of all parts together. */
  readonly size: number;
  /** The wrapped file key, 72 bytes; null in mode `none`. */
  readonly wrappedKey: Uint8Array | null;
  /** The customer key's verifier, 48 bytes, in mode SSE-C; else null. */
  readonly verifier: Uint8Array | null;
  /** The blobs in the order of their bytes: either one with part number 0, or ascending part numbers from 1 on. */
  readonly parts: readonly SealedPart[];
}

/**
 * Refuses a record that this format cannot hold.
 *
 * @throws EnvelopeError `malformed`.
 */
export function requireValidRecord(record: EncryptionRecord): void {
  requireId('global key id', record.globalKeyId);
  requireId('bucket id', record.bucketId);
  requireId('file id', record.fileId);
  requireLength('wrapped key', record.wrappedKey, record.mode === 'none' ? null : WRAPPED_KEY_LENGTH);
  requireLength('verifier', record.verifier, record.mode === 'SSE-C' ? VERIFIER_LENGTH : null);
  // A lone surrogate has no UTF-8 form; it would come back as another name.
  if (/\p{Surrogate}/u.test(record.fileName)) throw new EnvelopeError('malformed', 'A file name must be Unicode text');
  requireParts(record.parts);
  const total = record.parts.reduce((sum, part) => sum + part.size, 0);
  if (record.size !== total)
    throw new EnvelopeError('malformed', `The record's size is ${record.size}, its parts have ${total} bytes`);
}

function requireParts(parts: readonly SealedPart[]): void {
  let previous = parts.length === 1 ? -1 : 0;
  for (const { partNumber, blobId, size } of parts) {
    requireId('blob id', blobId);
    if (partNumber !== partNumber >>> 0 || partNumber <= previous)
      throw new EnvelopeError('malformed', 'Part numbers must ascend from 1 on, or be 0 for a single part');
    if (!Number.isInteger(size) || size < 0 || size > MAX_PLAINTEXT_LENGTH)
      throw new EnvelopeError('malformed', `A part cannot have ${size} bytes`);
    previous = partNumber;
  }
}

function requireLength(what: string, bytes: Uint8Array | null, length: number | null): void {
  if ((bytes?.length ?? null) !== length)
    throw new EnvelopeError('malformed', `The record's ${what} does not fit its mode`);
}
