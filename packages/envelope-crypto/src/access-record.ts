import { constantTimeEqual } from '@coffer/bytes';
import { EnvelopeError } from './envelope-error.ts';
import type { KeyProvider } from './key-provider.ts';
import { requireId } from './labelled-context.ts';
import { FieldWriter, compareUtf8 } from './record-fields.ts';

/** What records of access are made of. Fields that are undefined are as if they were not there. */
export type AccessValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly AccessValue[]
  | { readonly [name: string]: AccessValue | undefined };

/** A record that decides who may do what, and where it is. */
export interface AccessRecord {
  /** The kind of record, visible ASCII. */
  readonly table: string;
  /** The record's place among those of its kind. */
  readonly key: Uint8Array;
  /** The global key that its checksum is made with. */
  readonly globalKeyId: string;
  /** The whole record, but for its checksum. */
  readonly value: AccessValue;
}

const version = 1;
const tags = { null: 0, false: 1, true: 2, integer: 3, text: 4, bytes: 5, list: 6, map: 7 } as const;

/**
 * The checksum of a record of access, 32 bytes (docs/format.md, "Records of access"). Whoever changes a record makes it
 * anew.
 *
 * @throws EnvelopeError `malformed` for a value that the format cannot hold; `unknown_key` if the global key is gone.
 * Errors of an unreachable provider pass through.
 */
export function accessMac(provider: KeyProvider, record: AccessRecord): Promise<Uint8Array> {
  return provider.mac(record.globalKeyId, 'coffer/access/v1', encodeAccessRecord(record));
}

/**
 * Checks, in constant time, that `mac` was made for exactly this record in this place.
 *
 * @throws EnvelopeError `not_authentic` if it was not; `malformed` and `unknown_key` as {@link accessMac}.
 */
export async function verifyAccessMac(provider: KeyProvider, record: AccessRecord, mac: Uint8Array): Promise<void> {
  if (!constantTimeEqual(await accessMac(provider, record), mac))
    throw new EnvelopeError('not_authentic', `A record of ${record.table} is not the one that was stored`);
}

/**
 * The one encoding of a record: a version byte, table, key and global key id, then the value with a tag before each
 * part of it.
 */
export function encodeAccessRecord({ table, key, globalKeyId, value }: AccessRecord): Uint8Array {
  const fields = new FieldWriter()
    .uint8(version)
    .text(requireId('table', table))
    .bytes(key)
    .text(requireId('global key id', globalKeyId));
  writeValue(fields, value);
  return fields.finish();
}

function writeValue(fields: FieldWriter, value: AccessValue): void {
  if (value === null) fields.uint8(tags.null);
  else if (typeof value === 'boolean') fields.uint8(value ? tags.true : tags.false);
  else if (typeof value === 'number') fields.uint8(tags.integer).int64(value);
  else if (typeof value === 'string') fields.uint8(tags.text).text(value);
  else if (value instanceof Uint8Array) fields.uint8(tags.bytes).bytes(value);
  else if (isList(value)) writeList(fields, value);
  else writeMap(fields, value);
}

function isList(value: AccessValue): value is readonly AccessValue[] {
  return Array.isArray(value);
}

function writeList(fields: FieldWriter, list: readonly AccessValue[]): void {
  fields.uint8(tags.list).uint32(list.length);
  for (const value of list) writeValue(fields, value);
}

function writeMap(fields: FieldWriter, map: { readonly [name: string]: AccessValue | undefined }): void {
  const entries = Object.entries(map).filter((entry): entry is [string, AccessValue] => entry[1] !== undefined);
  entries.sort(([a], [b]) => compareUtf8(a, b));
  fields.uint8(tags.map).uint32(entries.length);
  for (const [name, value] of entries) writeValue(fields.text(name), value);
}
