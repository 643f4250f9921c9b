import fc from 'fast-check';
import type { FileVersionRecord } from '@coffer/storage-ports';
import { fileInfos, payloads } from '@coffer/storage-testkit';
import { expect, test } from 'vitest';
import { decodeRecord, encodeRecord, readVersion, stampVersion } from './record-codec.ts';

const version = fc.nat({ max: Number.MAX_SAFE_INTEGER });

test('property: what is encoded decodes to the same, with its version', () => {
  const value = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true }).filter((n) => !Object.is(n, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
  );
  const nested = fc.dictionary(fc.string(), fc.oneof(value, fc.array(value), fc.uint8Array()), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(nested, fileInfos(), version, (record, fileInfo, stamp) => {
      // The codec does not look at the shape, so any plain data stands for a record.
      const whole = { ...record, fileInfo } as unknown as FileVersionRecord;
      const encoded = encodeRecord('fileVersions', whole);
      stampVersion(encoded, stamp);
      expect(readVersion(encoded)).toBe(stamp);
      expect(decodeRecord('fileVersions', encoded)).toStrictEqual(whole);
    }),
  );
});

test('property: an inline blob is its bytes after the version, and is decoded into memory of its own', () => {
  fc.assert(
    fc.property(payloads({ maximumLength: 40_000 }), version, (payload, stamp) => {
      const encoded = encodeRecord('inlineBlobs', payload);
      stampVersion(encoded, stamp);
      expect(Buffer.compare(encoded.subarray(8), payload)).toBe(0);
      const decoded = decodeRecord('inlineBlobs', encoded);
      encoded.fill(0);
      expect(Buffer.compare(decoded, payload)).toBe(0);
    }),
  );
});

test('a record is these bytes behind its version, as in the store over PostgreSQL', () => {
  const encoded = encodeRecord('keyringCanary', { globalKeyId: 'g', mac: Uint8Array.of(1, 2) });
  expect(Buffer.from(encoded.subarray(8)).toString('hex')).toBe('82ab676c6f62616c4b65794964a167a36d6163c4020102');
});
