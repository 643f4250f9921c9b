import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from './record-codec.ts';

it('has the bytes of the embedded store behind its version', () => {
  // The same vector is in the tests of store-local: rows move between the two byte for byte.
  const record = { globalKeyId: 'g', mac: Uint8Array.of(1, 2) };
  expect(Buffer.from(encodeRecord('keyringCanary', record)).toString('hex')).toBe(
    '82ab676c6f62616c4b65794964a167a36d6163c4020102',
  );
});

it('leaves inline blobs as they are', () => {
  expect(encodeRecord('inlineBlobs', Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 2));
  const stored = Buffer.from([0, 3, 4]).subarray(1);
  const value = decodeRecord('inlineBlobs', stored);
  expect(value).toStrictEqual(Uint8Array.of(3, 4));
  expect(value.buffer.byteLength).toBe(2);
});

const json = fc.jsonValue({ maxDepth: 4 });
test.prop([fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), json)])('gives back what was put', (info) => {
  const record = info as never;
  const decoded: unknown = decodeRecord('counters', Buffer.from(encodeRecord('counters', record)));
  // MessagePack has no negative zero of an integer.
  expect(JSON.stringify(decoded)).toBe(JSON.stringify(info));
});
