import type {
  ChecksumAlgorithm,
  EncryptionMode,
  EncryptionRecord,
  RecordedAction,
  RecordedChecksums,
  RecordedFurtherChecksum,
  RecordedRetention,
  SealedPart,
} from './encryption-record.ts';
import { EnvelopeError } from './envelope-error.ts';
import { FieldReader, FieldWriter } from './record-fields.ts';
import { checkInPieces, isNextPiece, requireValidRecord, runThrough } from './record-rules.ts';

/** Of a record that has neither further checksums nor an entity tag. */
const plainVersion = 1;
const extendedVersion = 2;
// A value's number is its place here; a new one goes to the end.
const modes: readonly EncryptionMode[] = ['none', 'SSE-B2', 'SSE-C'];
const actions: readonly RecordedAction[] = ['upload', 'start', 'hide'];
const retentionModes: readonly (RecordedRetention['mode'] | null)[] = [null, 'governance', 'compliance'];
const algorithms: readonly (ChecksumAlgorithm | null)[] = [null, 'CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];
const extents: readonly RecordedFurtherChecksum['of'][] = ['content', 'parts'];
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
  const version = versionOf(record);
  writeFile(fields, version, record);
  for (const [index, part] of record.parts.entries()) {
    if (isNextPiece(index)) yield;
    writePart(fields, version, part);
  }
  return fields.finish();
}

/** A record has one encoding only: version 1 where that can hold it, which is the form of all older records. */
function versionOf({ checksums, entityTag, parts }: EncryptionRecord): number {
  const isPlain =
    checksums.further === undefined &&
    entityTag === undefined &&
    parts.every((part) => part.checksums.further === undefined);
  return isPlain ? plainVersion : extendedVersion;
}

/** Everything that stands before the first part. */
function writeFile(fields: FieldWriter, version: number, record: EncryptionRecord): void {
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
  writeChecksums(fields, version, record.checksums);
  if (version === extendedVersion) fields.bytesOrNone(record.entityTag ?? null);
  fields
    .uint64(record.uploadTimestamp)
    .uint64(record.committedAt)
    .uint8(retentionModes.indexOf(record.retention?.mode ?? null))
    .uint64(record.retention?.retainUntil ?? 0)
    .uint8(legalHolds.indexOf(record.legalHold))
    .uint32(record.parts.length);
}

function writePart(fields: FieldWriter, version: number, part: SealedPart): void {
  const { partNumber, blobId, size, blobCheck, checksums } = part;
  fields.uint32(partNumber).text(blobId).uint64(size).bytes(blobCheck);
  writeChecksums(fields, version, checksums);
}

function writeChecksums(fields: FieldWriter, version: number, checksums: RecordedChecksums): void {
  const { sha1, sha1Verified, md5, further } = checksums;
  fields
    .bytesOrNone(sha1)
    .uint8(sha1Verified ? 1 : 0)
    .bytesOrNone(md5);
  if (version === plainVersion) return;
  fields.uint8(algorithms.indexOf(further?.algorithm ?? null));
  if (further !== undefined) fields.uint8(extents.indexOf(further.of)).bytesOrNone(further.value);
}

/**
 * Reads what {@link encodeEncryptionRecord} made; anything else, one byte too many included, is refused. Whether the
 * record is genuine says only its seal: {@link verifyEncryptionRecord}.
 *
 * @throws EnvelopeError `unsupported_version` for another version byte; `malformed`.
 */
export function decodeEncryptionRecord(encoding: Uint8Array): EncryptionRecord {
  const fields = new FieldReader(encoding);
  const version = fields.uint8();
  if (version !== plainVersion && version !== extendedVersion)
    throw new EnvelopeError('unsupported_version', `Encryption record of version ${version}`);
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
    checksums: readChecksums(fields, version),
    ...readEntityTag(fields, version),
    uploadTimestamp: fields.uint64(),
    committedAt: fields.uint64(),
    retention: readRetention(fields),
    legalHold: fields.oneOf('legal hold', legalHolds),
    parts: readParts(fields, version),
  };
  fields.end();
  requireValidRecord(record);
  if (versionOf(record) !== version)
    throw new EnvelopeError('malformed', 'A record without further checksums and entity tag is of version 1');
  return record;
}

function readRetention(fields: FieldReader): RecordedRetention | null {
  const mode = fields.oneOf('retention mode', retentionModes);
  const retainUntil = fields.uint64();
  if (mode !== null) return { mode, retainUntil };
  if (retainUntil !== 0) throw new EnvelopeError('malformed', 'A retention that is none cannot have an end');
  return null;
}

function readEntityTag(fields: FieldReader, version: number): Pick<EncryptionRecord, 'entityTag'> {
  const entityTag = version === extendedVersion ? fields.bytesOrNone() : null;
  return entityTag === null ? {} : { entityTag };
}

function readParts(fields: FieldReader, version: number): SealedPart[] {
  const parts: SealedPart[] = [];
  for (let left = fields.uint32(); left > 0; left--) parts.push(readPart(fields, version));
  return parts;
}

function readPart(fields: FieldReader, version: number): SealedPart {
  return {
    partNumber: fields.uint32(),
    blobId: fields.text(),
    size: fields.uint64(),
    blobCheck: fields.bytes(),
    checksums: readChecksums(fields, version),
  };
}

function readChecksums(fields: FieldReader, version: number): RecordedChecksums {
  const digests = {
    sha1: fields.bytesOrNone(),
    sha1Verified: fields.oneOf('answer to whether the SHA-1 was compared', [false, true]),
    md5: fields.bytesOrNone(),
  };
  const algorithm = version === extendedVersion ? fields.oneOf('checksum algorithm', algorithms) : null;
  if (algorithm === null) return digests;
  const of = fields.oneOf('extent of a checksum', extents);
  return { ...digests, further: { algorithm, of, value: fields.bytesOrNone() } };
}
