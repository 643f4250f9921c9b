import { COMMITMENT_LENGTH, MAX_PLAINTEXT_LENGTH } from './blob-layout.ts';
import { VERIFIER_LENGTH } from './customer-key-verifier.ts';
import type { EncryptionRecord, RecordedChecksums, RecordedFurtherChecksum, SealedPart } from './encryption-record.ts';
import { checksumLengths } from './checksum-lengths.ts';
import { EnvelopeError } from './envelope-error.ts';
import { requireId } from './labelled-context.ts';
import { WRAPPED_KEY_LENGTH } from './wrapped-key.ts';

const sha1Length = 20;
const md5Length = 16;

/**
 * Refuses a record that this format cannot hold.
 *
 * @throws EnvelopeError `malformed`.
 */
export function requireValidRecord(record: EncryptionRecord): void {
  runThrough(checkInPieces(record));
}

/** As {@link requireValidRecord}, and yields after each piece of many parts. */
export function* checkInPieces(record: EncryptionRecord): Generator<void, void> {
  const { mode, action, parts, size } = record;
  requireId('global key id', record.globalKeyId);
  requireId('bucket id', record.bucketId);
  requireId('file id', record.fileId);
  requireLength('wrapped key', record.wrappedKey, mode === 'none' ? null : WRAPPED_KEY_LENGTH);
  requireLength('verifier', record.verifier, mode === 'SSE-C' ? VERIFIER_LENGTH : null);
  requireChecksums(record.checksums);
  yield* checkParts(parts, mode === 'none' ? sha1Length : COMMITMENT_LENGTH);
  const total = parts.reduce((sum, part) => sum + part.size, 0);
  if (size !== total)
    throw new EnvelopeError('malformed', `The record's size is ${size}, its parts have ${total} bytes`);
  // Of an unfinished large file, a record without parts seals its start, and one with a part seals that part.
  const partsAllowed = { upload: Infinity, start: 1, hide: 0 }[action];
  if (parts.length > partsAllowed || (action === 'start' && parts[0]?.partNumber === 0))
    throw new EnvelopeError('malformed', 'The record has parts that do not fit its action');
  requireLargeFileFields(record);
  if (action === 'hide' && mode !== 'none')
    throw new EnvelopeError('malformed', 'A hide marker has nothing to encrypt');
}

/** What a large file has as a whole, and nothing else may have. */
function requireLargeFileFields({ action, checksums: { further }, entityTag, parts }: EncryptionRecord): void {
  const isLarge = action === 'start' || (action === 'upload' && parts[0]?.partNumber !== 0);
  const isMisplaced = isLarge
    ? further !== undefined && (further.value === null) !== (action === 'start')
    : further !== undefined && (action === 'hide' || !isOfContent(further));
  if (isMisplaced) throw new EnvelopeError('malformed', 'The further checksum does not fit the kind of file');
  if (entityTag === undefined) return;
  if (!isLarge || action === 'start') throw new EnvelopeError('malformed', 'Only a large file has an entity tag');
  requireLength('entity tag', entityTag, md5Length);
}

function isOfContent({ of, value }: RecordedFurtherChecksum): boolean {
  return of === 'content' && value !== null;
}

function* checkParts(parts: readonly SealedPart[], checkLength: number): Generator<void, void> {
  let previous = parts.length === 1 ? -1 : 0;
  for (const [index, { partNumber, blobId, size, blobCheck, checksums }] of parts.entries()) {
    if (isNextPiece(index)) yield;
    requireId('blob id', blobId);
    if (partNumber !== partNumber >>> 0 || partNumber <= previous)
      throw new EnvelopeError('malformed', 'Part numbers must ascend from 1 on, or be 0 for a single part');
    if (!Number.isInteger(size) || size < 0 || size > MAX_PLAINTEXT_LENGTH)
      throw new EnvelopeError('malformed', `A part cannot have ${size} bytes`);
    requireLength('blob check', blobCheck, checkLength);
    requireChecksums(checksums);
    if (checksums.further !== undefined && !isOfContent(checksums.further))
      throw new EnvelopeError('malformed', 'The further checksum of a part is that of its content');
    previous = partNumber;
  }
}

/** Parts that are checked or encoded in one go: some milliseconds. */
const partsPerPiece = 500;

/** Whether another piece begins with the part at this place. */
export function isNextPiece(index: number): boolean {
  return index > 0 && index % partsPerPiece === 0;
}

/** Does work that comes in pieces in one go; its result. */
export function runThrough<T>(pieces: Generator<void, T>): T {
  for (;;) {
    const next = pieces.next();
    if (next.done === true) return next.value;
  }
}

function requireChecksums({ sha1, sha1Verified, md5, further }: RecordedChecksums): void {
  if (further !== undefined)
    requireLength(further.algorithm, further.value, further.value && checksumLengths[further.algorithm]);
  requireLength('SHA-1', sha1, sha1 && sha1Length);
  requireLength('MD5', md5, md5 && md5Length);
  if (sha1Verified && sha1 === null)
    throw new EnvelopeError('malformed', 'A SHA-1 that is not there cannot have been compared');
}

function requireLength(what: string, bytes: Uint8Array | null, length: number | null): void {
  if ((bytes?.length ?? null) !== length)
    throw new EnvelopeError('malformed', `The record's ${what} does not fit its kind`);
}
