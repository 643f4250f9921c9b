import type {
  EncryptionMode,
  EncryptionRecord,
  RecordedAction,
  RecordedChecksums,
  RecordedRetention,
  SealedPart,
} from './encryption-record.ts';
import { EnvelopeError } from './envelope-error.ts';
import { FieldReader, FieldWriter } from './record-fields.ts';
import { checkInPieces, isNextPiece, requireValidRecord, runThrough } from './record-rules.ts';

const version = 1;
// A value's number is its place here; a new one goes to the end.
const modes: readonly EncryptionMode[] = ['none', 'SSE-B2', 'SSE-C'];
const actions: readonly RecordedAction[] = ['upload', 'start', 'hide'];
const retentionModes: readonly (RecordedRetention['mode'] | null)[] = [null, 'governance', 'compliance'];
const legalHolds: readonly EncryptionRecord['legalHold'][] = [null, 'off', 'on'];

/**
 * The one encoding of a record (`docs/format.md`, "The encryption record and its seal"): a version byte, then each
 * field with its length.
 *
 * @throws EnvelopeError `malformed` for a record that the format cannot hold: see {@link EncryptionRecord}.
 */
export function encodeEncryptionRecord(record: EncryptionRecord): Uint8Array {
  return runThrough(encodeInPieces(record));
}

/** As {@link encodeEncryptionRecord}, and yields after each piece of many parts. */
export function* encodeInPieces(record: EncryptionRecord): Generator<void, Uint8Array> {
  yield* checkInPieces(record);
  const fields = new FieldWriter();
  writeFile(fields, record);
  for (const [index, part] of record.parts.entries()) {
    if (isNextPiece(index)) yield;
    writePart(fields, part);
  }
  return fields.finish();
}

/** Everything that stands before the first part. */
function writeFile(fields: FieldWriter, record: EncryptionRecord): void {
  fields
    .uint8(version)
    .uint8(modes.indexOf(record.mode))
    .text(record.globalKeyId)
    .text(record.bucketId)
    .text(record.fileId)
    .text(record.fileName)
    .uint8(actions.indexOf(record.action))
    .uint64(record.size)
    .bytesOrNone(record.wrappedKey)
    .bytesOrNone(record.verifier)
    .text(record.contentType)
    .textMap(record.fileInfo);
  writeChecksums(fields, record.checksums);
  fields
    .uint64(record.uploadTimestamp)
    .uint64(record.committedAt)
    .uint8(retentionModes.indexOf(record.retention?.mode ?? null))
    .uint64(record.retention?.retainUntil ?? 0)
    .uint8(legalHolds.indexOf(record.legalHold))
    .uint32(record.parts.length);
}

function writePart(fields: FieldWriter, { partNumber, blobId, size, blobCheck, checksums }: SealedPart): void {
  fields.uint32(partNumber).text(blobId).uint64(size).bytes(blobCheck);
  writeChecksums(fields, checksums);
}

function writeChecksums(fields: FieldWriter, { sha1, sha1Verified, md5 }: RecordedChecksums): void {
  fields
    .bytesOrNone(sha1)
    .uint8(sha1Verified ? 1 : 0)
    .bytesOrNone(md5);
}

/**
 * Reads what {@link encodeEncryptionRecord} made; anything else, one byte too many included, is refused. Whether the
 * record is genuine says only its seal: {@link verifyEncryptionRecord}.
 *
 * @throws EnvelopeError `unsupported_version` for another version byte; `malformed`.
 */
export function decodeEncryptionRecord(encoding: Uint8Array): EncryptionRecord {
  const fields = new FieldReader(encoding);
  const found = fields.uint8();
  if (found !== version) throw new EnvelopeError('unsupported_version', `Encryption record of version ${found}`);
  const record: EncryptionRecord = {
    mode: fields.oneOf('mode', modes),
    globalKeyId: fields.text(),
    bucketId: fields.text(),
    fileId: fields.text(),
    fileName: fields.text(),
    action: fields.oneOf('action', actions),
    size: fields.uint64(),
    wrappedKey: fields.bytesOrNone(),
    verifier: fields.bytesOrNone(),
    contentType: fields.text(),
    fileInfo: fields.textMap(),
    checksums: readChecksums(fields),
    uploadTimestamp: fields.uint64(),
    committedAt: fields.uint64(),
    retention: readRetention(fields),
    legalHold: fields.oneOf('legal hold', legalHolds),
    parts: readParts(fields),
  };
  fields.end();
  requireValidRecord(record);
  return record;
}

function readRetention(fields: FieldReader): RecordedRetention | null {
  const mode = fields.oneOf('retention mode', retentionModes);
  const retainUntil = fields.uint64();
  if (mode !== null) return { mode, retainUntil };
  if (retainUntil !== 0) throw new EnvelopeError('malformed', 'A retention that is none cannot have an end');
  return null;
}

function readParts(fields: FieldReader): SealedPart[] {
  const parts: SealedPart[] = [];
  for (let left = fields.uint32(); left > 0; left--) parts.push(readPart(fields));
  return parts;
}

function readPart(fields: FieldReader): SealedPart {
  return {
    partNumber: fields.uint32(),
    blobId: fields.text(),
    size: fields.uint64(),
    blobCheck: fields.bytes(),
    checksums: readChecksums(fields),
  };
}

function readChecksums(fields: FieldReader): RecordedChecksums {
  return {
    sha1: fields.bytesOrNone(),
    sha1Verified: fields.oneOf('answer to whether the SHA-1 was compared', [false, true]),
    md5: fields.bytesOrNone(),
  };
}
