import { EnvelopeError } from './envelope-error.ts';
import {
  requireValidRecord,
  type EncryptionMode,
  type EncryptionRecord,
  type SealedPart,
} from './encryption-record.ts';
import { FieldReader, FieldWriter } from './record-fields.ts';

const version = 1;
/** A mode's number is its place here; a new mode goes to the end. */
const modes: readonly EncryptionMode[] = ['none', 'SSE-B2', 'SSE-C'];

/**
 * The one encoding of a record (`docs/format.md`, "The encryption record and its seal"): a version byte, then each field with its length.
 *
 * @throws EnvelopeError `malformed` for a record that the format cannot hold: see {@link EncryptionRecord}.
 */
export function encodeEncryptionRecord(record: EncryptionRecord): Uint8Array {
  requireValidRecord(record);
  const fields = new FieldWriter()
    .uint8(version)
    .uint8(modes.indexOf(record.mode))
    .text(record.globalKeyId)
    .text(record.bucketId)
    .text(record.fileId)
    .text(record.fileName)
    .uint64(record.size)
    .bytes(record.wrappedKey ?? new Uint8Array(0))
    .bytes(record.verifier ?? new Uint8Array(0))
    .uint32(record.parts.length);
  for (const part of record.parts) fields.uint32(part.partNumber).text(part.blobId).uint64(part.size);
  return fields.finish();
}

/**
 * Reads what {@link encodeEncryptionRecord} made; anything else, one byte too many included, is refused. Whether the record is
 * genuine says only its seal: {@link verifyEncryptionRecord}.
 *
 * @throws EnvelopeError `unsupported_version` for another version byte; `malformed`.
 */
export function decodeEncryptionRecord(encoding: Uint8Array): EncryptionRecord {
  const fields = new FieldReader(encoding);
  const found = fields.uint8();
  if (found !== version) throw new EnvelopeError('unsupported_version', `Encryption record of version ${found}`);
  const mode = modes[fields.uint8()];
  if (mode === undefined) throw new EnvelopeError('malformed', 'The record names no known mode');
  const record: EncryptionRecord = {
    mode,
    globalKeyId: fields.text(),
    bucketId: fields.text(),
    fileId: fields.text(),
    fileName: fields.text(),
    size: fields.uint64(),
    wrappedKey: nullIfEmpty(fields.bytes()),
    verifier: nullIfEmpty(fields.bytes()),
    parts: readParts(fields),
  };
  fields.end();
  requireValidRecord(record);
  return record;
}

function readParts(fields: FieldReader): SealedPart[] {
  const parts: SealedPart[] = [];
  for (let left = fields.uint32(); left > 0; left--)
    parts.push({ partNumber: fields.uint32(), blobId: fields.text(), size: fields.uint64() });
  return parts;
}

function nullIfEmpty(bytes: Uint8Array): Uint8Array | null {
  return bytes.length === 0 ? null : bytes;
}
