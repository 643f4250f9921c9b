import type { TableName, Tables } from '@coffer/storage-ports';
import { Packr } from 'msgpackr';

// Objects are decoded to Maps first: an object's key may be anything a customer chose, __proto__ included. Byte strings
// are copied.
const messagePack = new Packr({ useRecords: false, mapsAsObjects: false, variableMapSize: true, copyBuffers: true });

/**
 * A record as its column `value` keeps it: MessagePack; the contents of an inline blob as they are. These are the bytes
 * that the embedded store keeps behind the version, so that rows move between the two as they are.
 */
export function encodeRecord<Name extends TableName>(table: Name, record: Tables[Name]): Uint8Array {
  return table === 'inlineBlobs' ? (record as Uint8Array) : messagePack.pack(record);
}

/** The record, sharing no memory with `encoded`. */
export function decodeRecord<Name extends TableName>(table: Name, encoded: Uint8Array): Tables[Name] {
  // Not a Buffer, so that the copies of its byte strings are no Buffers either.
  const bytes = new Uint8Array(encoded.buffer, encoded.byteOffset, encoded.length);
  return (table === 'inlineBlobs' ? bytes.slice() : plain(messagePack.unpack(bytes))) as Tables[Name];
}

/** Decoded Maps as objects. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return plainObject(value);
  return Array.isArray(value) ? value.map(plain) : value;
}

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
