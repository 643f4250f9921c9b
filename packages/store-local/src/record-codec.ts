import type { TableName, Tables } from '@coffer/storage-ports';
import { Packr } from 'msgpackr';

const versionLength = 8;

// Objects are decoded to Maps first: an object's key may be anything a customer chose, __proto__ included. Byte strings
// are copied.
const messagePack = new Packr({ useRecords: false, mapsAsObjects: false, variableMapSize: true, copyBuffers: true });

/**
 * A record as LMDB keeps it: its version in 8 bytes, big-endian, then the record in MessagePack; the contents of an
 * inline blob follow the version as they are. The version is filled in by {@link stampVersion} when the record is
 * written.
 */
export function encodeRecord<Name extends TableName>(table: Name, record: Tables[Name]): Uint8Array {
  const payload = table === 'inlineBlobs' ? (record as Uint8Array) : messagePack.pack(record);
  const encoded = new Uint8Array(versionLength + payload.length);
  encoded.set(payload, versionLength);
  return encoded;
}

export function stampVersion(encoded: Uint8Array, version: number): void {
  view(encoded).setBigUint64(0, BigInt(version));
}

export function readVersion(encoded: Uint8Array): number {
  return Number(view(encoded).getBigUint64(0));
}

/** The record, sharing no memory with `encoded`. */
export function decodeRecord<Name extends TableName>(table: Name, encoded: Uint8Array): Tables[Name] {
  // Not a Buffer, so that the copies of its byte strings are no Buffers either: making a Buffer costs as much as
  // decoding three fields.
  const payload = new Uint8Array(encoded.buffer, encoded.byteOffset + versionLength, encoded.length - versionLength);
  return (table === 'inlineBlobs' ? payload.slice() : plain(messagePack.unpack(payload))) as Tables[Name];
}

/** Decoded Maps as objects. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return plainObject(value);
  return Array.isArray(value) ? value.map(plain) : value;
}

/** Every listed row passes through here, so this allocates nothing but the object. */
function plainObject(map: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [key, value] of map) {
    const inner = plain(value);
    // An assignment would set the prototype instead.
    if (key === '__proto__')
      Object.defineProperty(object, key, { value: inner, enumerable: true, configurable: true, writable: true });
    else object[key] = inner;
  }
  return object;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, versionLength);
}
