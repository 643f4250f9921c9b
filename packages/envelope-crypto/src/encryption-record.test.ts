import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { EncryptionRecord } from './encryption-record.ts';
import { decodeEncryptionRecord, encodeEncryptionRecord } from './record-encoding.ts';
import { sealEncryptionRecord, verifyEncryptionRecord } from './record-seal.ts';
import { codeOf, patternOf, testProvider } from './test-support.ts';

const wrappedKey = patternOf(72);
const verifier = patternOf(48);
const large: EncryptionRecord = {
  mode: 'SSE-C',
  globalKeyId: 'gk_new',
  bucketId: 'bucket',
  fileId: 'file',
  fileName: 'photos/Zoë 🐈.jpg',
  size: 300,
  wrappedKey,
  verifier,
  parts: [
    { partNumber: 1, blobId: 'blob1', size: 100 },
    { partNumber: 2, blobId: 'blob2', size: 100 },
    { partNumber: 3, blobId: 'blob3', size: 100 },
  ],
};
const server: EncryptionRecord = {
  ...large,
  mode: 'SSE-B2',
  size: 5,
  verifier: null,
  parts: [{ partNumber: 0, blobId: 'b', size: 5 }],
};
const plain: EncryptionRecord = { ...server, mode: 'none', wrappedKey: null };

const id = fc.stringMatching(/^[!-~]{1,40}$/);
const anyRecord: fc.Arbitrary<EncryptionRecord> = fc
  .record({
    mode: fc.constantFrom('none' as const, 'SSE-B2' as const, 'SSE-C' as const),
    ids: fc.tuple(id, id, id),
    fileName: fc.string({ unit: 'grapheme', maxLength: 50 }),
    parts: fc.array(fc.record({ blobId: id, size: fc.integer({ min: 0, max: 2 ** 40 }) }), { maxLength: 5 }),
    regular: fc.boolean(),
  })
  .map(({ mode, ids: [globalKeyId, bucketId, fileId], fileName, parts, regular }) => ({
    mode,
    globalKeyId,
    bucketId,
    fileId,
    fileName,
    size: parts.reduce((sum, part) => sum + part.size, 0),
    wrappedKey: mode === 'none' ? null : wrappedKey,
    verifier: mode === 'SSE-C' ? verifier : null,
    parts: parts.map((part, i) => ({ ...part, partNumber: regular && parts.length === 1 ? 0 : i + 1 })),
  }));

describe('the encoding', () => {
  property.prop([anyRecord])('reads back as what was written', (record) => {
    expect(decodeEncryptionRecord(encodeEncryptionRecord(record))).toEqual(record);
  });

  property.prop([fc.uint8Array({ maxLength: 400 })])(
    'of other bytes is an engine error, never another',
    async (bytes) => {
      const code = await codeOf(() => decodeEncryptionRecord(bytes));
      expect(['malformed', 'unsupported_version']).toContain(code);
    },
  );

  property.prop([anyRecord, fc.nat(), fc.integer({ min: 1, max: 255 })])(
    'is canonical: changed bytes are refused or read as another record',
    async (record, place, change) => {
      const encoding = encodeEncryptionRecord(record);
      encoding[place % encoding.length]! ^= change;
      const code = await codeOf(() => {
        const decoded = decodeEncryptionRecord(encoding);
        expect(decoded).not.toEqual(record);
        expect(encodeEncryptionRecord(decoded)).toEqual(encoding);
      });
      expect([undefined, 'malformed', 'unsupported_version']).toContain(code);
    },
  );

  it('is refused cut off anywhere or with a byte too many', async () => {
    const encoding = encodeEncryptionRecord(large);
    for (let length = 0; length < encoding.length; length++)
      expect(await codeOf(() => decodeEncryptionRecord(encoding.subarray(0, length)))).toBe('malformed');
    expect(await codeOf(() => decodeEncryptionRecord(Uint8Array.of(...encoding, 0)))).toBe('malformed');
  });

  it('of another version is refused', async () => {
    const encoding = encodeEncryptionRecord(plain);
    for (const version of [0, 2, 255]) {
      encoding[0] = version;
      expect(await codeOf(() => decodeEncryptionRecord(encoding))).toBe('unsupported_version');
    }
  });

  it.each<[string, Partial<EncryptionRecord>]>([
    ['no wrapped key in an encrypted mode', { wrappedKey: null }],
    ['a wrapped key of another length', { wrappedKey: patternOf(71) }],
    ['no verifier with SSE-C', { verifier: null }],
    ['a verifier with SSE-B2', { mode: 'SSE-B2' }],
    ['a wrapped key without encryption', { mode: 'none', verifier: null }],
    ['a size that is not the parts’', { size: 299 }],
    ['a negative size', { size: -1, parts: [{ partNumber: 0, blobId: 'b', size: -1 }] }],
    ['parts out of order', { parts: [...large.parts].reverse() }],
    ['a part twice', { parts: [large.parts[0]!, large.parts[0]!, large.parts[2]!] }],
    ['part 0 among others', { parts: [{ ...large.parts[0]!, partNumber: 0 }, ...large.parts.slice(1)] }],
    ['an empty id', { bucketId: '' }],
    ['an id with a zero byte', { fileId: 'a\0b' }],
    ['a name that is no Unicode text', { fileName: 'a\ud800b' }],
    ['a name that is too long', { fileName: 'x'.repeat(65_536) }],
  ])('does not hold %s', async (_, change) => {
    expect(await codeOf(() => encodeEncryptionRecord({ ...large, ...change }))).toBe('malformed');
  });
});

describe('the seal', () => {
  const provider = testProvider();
  const verdict = async (record: EncryptionRecord, sealOf: EncryptionRecord) => {
    const seal = await sealEncryptionRecord(provider, sealOf);
    return codeOf(() => verifyEncryptionRecord(provider, record, seal));
  };

  it.each([plain, server, large])('of a $mode record holds', async (record) => {
    expect((await sealEncryptionRecord(provider, record)).length).toBe(32);
    expect(await verdict(record, record)).toBeUndefined();
  });

  const [one, two, three] = large.parts as readonly [
    (typeof large.parts)[0],
    (typeof large.parts)[0],
    (typeof large.parts)[0],
  ];
  it.each<[string, EncryptionRecord, EncryptionRecord]>([
    ['another global key', { ...large, globalKeyId: 'gk_old' }, large],
    ['another bucket', { ...large, bucketId: 'bucket2' }, large],
    ['another file', { ...large, fileId: 'file2' }, large],
    ['another name', { ...large, fileName: 'x' }, large],
    ['ids that only together read the same', { ...large, bucketId: 'bucketf', fileId: 'ile' }, large],
    ['another wrapped key', { ...large, wrappedKey: patternOf(72, 2) }, large],
    ['another verifier', { ...large, verifier: patternOf(48, 2) }, large],
    ['SSE-C downgraded to SSE-B2', { ...large, mode: 'SSE-B2', verifier: null }, large],
    ['a mode downgraded to none', { ...server, mode: 'none', wrappedKey: null }, server],
    ['a part dropped', { ...large, parts: [one, two], size: 200 }, large],
    ['a part dropped from the middle', { ...large, parts: [one, three], size: 200 }, large],
    ['a part added', { ...large, parts: [...large.parts, { partNumber: 4, blobId: 'b4', size: 0 }] }, large],
    [
      'parts reordered',
      { ...large, parts: [one, { ...two, blobId: three.blobId }, { ...three, blobId: two.blobId }] },
      large,
    ],
    ['a part replaced', { ...large, parts: [one, { ...two, blobId: 'blobX' }, three] }, large],
    ['sizes shifted', { ...large, parts: [{ ...one, size: 99 }, { ...two, size: 101 }, three] }, large],
    ['all parts gone', { ...large, parts: [], size: 0 }, large],
  ])('does not hold for %s', async (_, changed, original) => {
    expect(await verdict(changed, original)).toBe('not_authentic');
  });

  it('does not hold when itself changed or cut', async () => {
    const seal = await sealEncryptionRecord(provider, large);
    for (let i = 0; i < 32; i++) {
      const changed = seal.slice();
      changed[i]! ^= 1;
      expect(await codeOf(() => verifyEncryptionRecord(provider, large, changed))).toBe('not_authentic');
    }
    expect(await codeOf(() => verifyEncryptionRecord(provider, large, seal.subarray(0, 31)))).toBe('not_authentic');
    expect(await codeOf(() => verifyEncryptionRecord(provider, large, new Uint8Array(0)))).toBe('not_authentic');
  });

  it('needs its global key', async () => {
    for (const globalKeyId of ['gk_gone', 'gk_never'])
      expect(await codeOf(() => sealEncryptionRecord(provider, { ...large, globalKeyId }))).toBe('unknown_key');
  });
});
