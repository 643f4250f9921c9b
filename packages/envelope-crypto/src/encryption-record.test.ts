import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type {
  EncryptionMode,
  EncryptionRecord,
  RecordedChecksums,
  RecordedFurtherChecksum,
  SealedPart,
} from './encryption-record.ts';
import { checksumLengths } from './checksum-lengths.ts';
import { decodeEncryptionRecord, encodeEncryptionRecord } from './record-encoding.ts';
import { sealEncryptionRecord, verifyEncryptionRecord } from './record-seal.ts';
import { codeOf, patternOf, testProvider } from './test-support.ts';

const wrappedKey = patternOf(72);
const verifier = patternOf(48);
const noChecksums: RecordedChecksums = { sha1: null, sha1Verified: false, md5: null };
const checksums: RecordedChecksums = { sha1: patternOf(20), sha1Verified: true, md5: patternOf(16) };
const partOf = (partNumber: number): SealedPart => ({
  partNumber,
  blobId: `blob${partNumber}`,
  size: 100,
  blobCheck: patternOf(32, partNumber),
  checksums: { ...checksums, sha1: patternOf(20, partNumber) },
});
const large: EncryptionRecord = {
  mode: 'SSE-C',
  globalKeyId: 'gk_new',
  bucketId: 'bucket',
  fileId: 'file',
  fileName: 'photos/Zoë 🐈.jpg',
  action: 'upload',
  size: 300,
  wrappedKey,
  verifier,
  contentType: 'image/jpeg',
  fileInfo: { author: 'Zoë', src_last_modified_millis: '1' },
  checksums: noChecksums,
  uploadTimestamp: 1_700_000_000_000,
  committedAt: 1_700_000_000_001,
  retention: { mode: 'governance', retainUntil: 1_800_000_000_000 },
  legalHold: 'on',
  parts: [partOf(1), partOf(2), partOf(3)],
};
const server: EncryptionRecord = {
  ...large,
  mode: 'SSE-B2',
  size: 5,
  verifier: null,
  checksums,
  parts: [{ partNumber: 0, blobId: 'b', size: 5, blobCheck: patternOf(32), checksums }],
};
const plain: EncryptionRecord = {
  ...server,
  mode: 'none',
  wrappedKey: null,
  parts: [{ partNumber: 0, blobId: 'b', size: 5, blobCheck: patternOf(20), checksums }],
};
const started: EncryptionRecord = { ...large, action: 'start', size: 0, parts: [] };
const crc32: RecordedFurtherChecksum = { algorithm: 'CRC32', of: 'content', value: patternOf(4) };
const extendedLarge: EncryptionRecord = {
  ...large,
  checksums: { ...noChecksums, further: { ...crc32, of: 'parts' } },
  entityTag: patternOf(16),
  parts: [{ ...partOf(1), checksums: { ...checksums, further: crc32 } }, partOf(2), partOf(3)],
};
const extendedPlain: EncryptionRecord = {
  ...plain,
  checksums: { ...checksums, further: crc32 },
  parts: [{ ...plain.parts[0]!, checksums: { ...checksums, further: crc32 } }],
};
const extendedStart: EncryptionRecord = {
  ...started,
  checksums: { ...noChecksums, further: { algorithm: 'SHA256', of: 'parts', value: null } },
};
const extended = [extendedLarge, extendedPlain, extendedStart, { ...large, entityTag: patternOf(16) }];
const marker: EncryptionRecord = {
  ...started,
  action: 'hide',
  mode: 'none',
  wrappedKey: null,
  verifier: null,
  fileInfo: {},
  retention: null,
  legalHold: null,
};

const id = fc.stringMatching(/^[!-~]{1,40}$/);
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const text = fc.string({ unit: 'grapheme', maxLength: 50 });
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const anyChecksums: fc.Arbitrary<RecordedChecksums> = fc
  .record({ sha1: fc.option(bytesOf(20)), sha1Verified: fc.boolean(), md5: fc.option(bytesOf(16)) })
  .map((one) => ({ ...one, sha1Verified: one.sha1 !== null && one.sha1Verified }));
const anyMode = fc.constantFrom('none' as const, 'SSE-B2' as const, 'SSE-C' as const);
const partsOf = (mode: EncryptionMode) =>
  fc.array(
    fc.record({
      blobId: id,
      size: fc.integer({ min: 0, max: 2 ** 40 }),
      blobCheck: bytesOf(mode === 'none' ? 20 : 32),
      checksums: anyChecksums,
    }),
    { maxLength: 5 },
  );
const anyRecord: fc.Arbitrary<EncryptionRecord> = anyMode.chain((mode) =>
  fc
    .record({
      globalKeyId: id,
      bucketId: id,
      fileId: id,
      fileName: text,
      contentType: text,
      fileInfo: fc.dictionary(text, text, { maxKeys: 5, noNullPrototype: true }),
      checksums: anyChecksums,
      uploadTimestamp: time,
      committedAt: time,
      retention: fc.option(
        fc.record({ mode: fc.constantFrom('governance' as const, 'compliance' as const), retainUntil: time }),
      ),
      legalHold: fc.constantFrom('on' as const, 'off' as const, null),
      parts: partsOf(mode),
      action: fc.constantFrom('start' as const, 'hide' as const),
      regular: fc.boolean(),
    })
    .map(({ parts, regular, action, ...fields }) => ({
      ...fields,
      mode,
      action: parts.length > 0 || (action === 'hide' && mode !== 'none') ? 'upload' : action,
      size: parts.reduce((sum, part) => sum + part.size, 0),
      wrappedKey: mode === 'none' ? null : wrappedKey,
      verifier: mode === 'SSE-C' ? verifier : null,
      parts: parts.map((part, i) => ({ ...part, partNumber: regular && parts.length === 1 ? 0 : i + 1 })),
    })),
);

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

  it('has the names of file info in the order of their bytes, whatever their order', () => {
    const ordered = ['', 'B', 'a', 'a\u{ff}', 'a\u{e000}', 'a\u{ffff}', 'a\u{10000}', 'a\u{10ffff}', '__proto__'].sort(
      (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    const infoOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, `of ${name}`]));
    const encoding = encodeEncryptionRecord({ ...plain, fileInfo: infoOf(ordered) });
    expect(encodeEncryptionRecord({ ...plain, fileInfo: infoOf(ordered.toReversed()) })).toEqual(encoding);
    expect(Object.keys(decodeEncryptionRecord(encoding).fileInfo)).toEqual(ordered);
  });

  it('with names of file info in another order is refused', async () => {
    const encoding = encodeEncryptionRecord({ ...plain, fileInfo: { aa: '', ab: '' } });
    const at = Buffer.from(encoding).indexOf('ab');
    for (const other of ['aa', 'a0']) {
      encoding.set(Buffer.from(other), at);
      expect(await codeOf(() => decodeEncryptionRecord(encoding))).toBe('malformed');
    }
  });

  it('of another version is refused', async () => {
    const encoding = encodeEncryptionRecord(plain);
    for (const version of [0, 3, 255]) {
      encoding[0] = version;
      expect(await codeOf(() => decodeEncryptionRecord(encoding))).toBe('unsupported_version');
    }
  });

  it.each(extended)('of action $action with a further checksum or an entity tag is of version 2', (record) => {
    const encoding = encodeEncryptionRecord(record);
    expect(encoding[0]).toBe(2);
    expect(decodeEncryptionRecord(encoding)).toEqual(record);
    for (let length = 0; length < encoding.length; length += 7)
      expect(() => decodeEncryptionRecord(encoding.subarray(0, length))).toThrow();
  });

  it.each([large, plain, started, marker])('of action $action without them is of version 1 only', async (record) => {
    const encoding = encodeEncryptionRecord(record);
    expect(encoding[0]).toBe(1);
    // What a program would write that takes version 2 for every record.
    const asVersion2 = { ...record, entityTag: patternOf(16) };
    if (record !== large) {
      expect(await codeOf(() => encodeEncryptionRecord(asVersion2))).toBe('malformed');
      return;
    }
    const longer = encodeEncryptionRecord(asVersion2);
    const at = Buffer.from(longer).indexOf(patternOf(16));
    const emptied = Buffer.concat([longer.subarray(0, at - 2), Buffer.alloc(2), longer.subarray(at + 16)]);
    expect(await codeOf(() => decodeEncryptionRecord(emptied))).toBe('malformed');
  });

  it.each(Object.entries(checksumLengths))('holds a %s of %d bytes only', async (name, length) => {
    const algorithm = name as RecordedFurtherChecksum['algorithm'];
    const withValue = (bytes: number): EncryptionRecord => {
      const further = { algorithm, of: 'content', value: patternOf(bytes) } as const;
      return { ...extendedLarge, checksums: { ...noChecksums, further } };
    };
    expect(decodeEncryptionRecord(encodeEncryptionRecord(withValue(length)))).toEqual(withValue(length));
    for (const other of [0, length - 1, length + 1])
      expect(await codeOf(() => encodeEncryptionRecord(withValue(other)))).toBe('malformed');
  });

  it.each<[string, EncryptionRecord]>([
    ['a further checksum of a finished file without a value', { ...extendedLarge, checksums: extendedStart.checksums }],
    ['one of an unfinished file with a value', { ...extendedStart, checksums: extendedLarge.checksums }],
    ['one of a hide marker', { ...marker, checksums: extendedPlain.checksums }],
    [
      'one of a regular file that is of parts',
      { ...extendedPlain, checksums: { ...checksums, further: { ...crc32, of: 'parts' } } },
    ],
    [
      'one of a part that is of parts',
      {
        ...large,
        parts: [{ ...partOf(1), checksums: { ...checksums, further: { ...crc32, of: 'parts' } } }],
        size: 100,
      },
    ],
    ['an entity tag of a regular file', { ...plain, entityTag: patternOf(16) }],
    ['an entity tag of an unfinished file', { ...started, entityTag: patternOf(16) }],
    ['an entity tag of another length', { ...large, entityTag: patternOf(15) }],
    ['an entity tag of no length', { ...large, entityTag: patternOf(0) }],
  ])('does not hold %s', async (_, record) => {
    expect(await codeOf(() => encodeEncryptionRecord(record))).toBe('malformed');
  });

  it.each<[string, Partial<EncryptionRecord>]>([
    ['no wrapped key in an encrypted mode', { wrappedKey: null }],
    ['a wrapped key of another length', { wrappedKey: patternOf(71) }],
    ['no verifier with SSE-C', { verifier: null }],
    ['a verifier with SSE-B2', { mode: 'SSE-B2' }],
    ['a wrapped key without encryption', { mode: 'none', verifier: null }],
    ['a size that is not the parts’', { size: 299 }],
    ['a negative size', { size: -1, parts: [{ ...partOf(0), size: -1 }] }],
    ['parts out of order', { parts: [...large.parts].reverse() }],
    ['a part twice', { parts: [large.parts[0]!, large.parts[0]!, large.parts[2]!] }],
    ['part 0 among others', { parts: [{ ...large.parts[0]!, partNumber: 0 }, ...large.parts.slice(1)] }],
    ['a commitment of another length', { parts: [{ ...partOf(0), blobCheck: patternOf(20) }], size: 100 }],
    ['no commitment', { parts: [{ ...partOf(0), blobCheck: patternOf(0) }], size: 100 }],
    ['a SHA-1 of another length', { checksums: { ...checksums, sha1: patternOf(19) } }],
    ['an MD5 of no length', { checksums: { ...checksums, md5: patternOf(0) } }],
    ['a comparison with no SHA-1', { checksums: { ...noChecksums, sha1Verified: true } }],
    ['an unfinished file with several parts', { action: 'start' }],
    ['an unfinished file with a regular file’s part', { action: 'start', parts: [partOf(0)], size: 100 }],
    ['a hide marker with a part', { ...marker, parts: [{ ...partOf(1), blobCheck: patternOf(20) }], size: 100 }],
    ['a hide marker with a key', { action: 'hide', size: 0, parts: [] }],
    ['a negative time', { uploadTimestamp: -1 }],
    ['a time that is no integer', { committedAt: 0.5 }],
    ['file info that is no Unicode text', { fileInfo: { a: '\udc00' } }],
    ['a name of file info that is none', { fileInfo: { '\udc00': 'a' } }],
    ['a content type that is none', { contentType: '\udc00' }],
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

  it.each([plain, server, large, started, marker, ...extended])(
    'of a record of mode $mode and action $action holds',
    async (record) => {
      expect((await sealEncryptionRecord(provider, record)).length).toBe(32);
      expect(await verdict(record, record)).toBeUndefined();
    },
  );

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
    ['a mode downgraded to none', { ...server, mode: 'none', wrappedKey: null, parts: plain.parts }, server],
    ['a part dropped', { ...large, parts: [one, two], size: 200 }, large],
    ['a part dropped from the middle', { ...large, parts: [one, three], size: 200 }, large],
    ['a part added', { ...large, parts: [...large.parts, { ...partOf(4), size: 0 }] }, large],
    ['another blob of a part', { ...large, parts: [one, { ...two, blobCheck: patternOf(32, 9) }, three] }, large],
    ['another checksum of a part', { ...large, parts: [one, { ...two, checksums }, three] }, large],
    ['another action', { ...started, action: 'upload' }, started],
    ['another content type', { ...large, contentType: 'a/b' }, large],
    ['a field of file info less', { ...large, fileInfo: { author: 'Zoë' } }, large],
    [
      'file info that only together reads the same',
      { ...plain, fileInfo: { ab: 'c' } },
      { ...plain, fileInfo: { a: 'bc' } },
    ],
    ['another SHA-1', { ...plain, checksums: { ...checksums, sha1: patternOf(20, 2) } }, plain],
    ['a SHA-1 that was compared', plain, { ...plain, checksums: { ...checksums, sha1Verified: false } }],
    ['no MD5', { ...plain, checksums: { ...checksums, md5: null } }, plain],
    ['another time of upload', { ...large, uploadTimestamp: 1 }, large],
    ['another time of commit', { ...large, committedAt: 1 }, large],
    ['a shorter retention', { ...large, retention: { mode: 'governance', retainUntil: 1 } }, large],
    ['a weaker retention', large, { ...large, retention: { mode: 'compliance', retainUntil: 1_800_000_000_000 } }],
    ['no retention', { ...large, retention: null }, large],
    ['no legal hold', { ...large, legalHold: null }, large],
    ['a legal hold that is off', { ...large, legalHold: 'off' }, large],
    [
      'parts reordered',
      { ...large, parts: [one, { ...two, blobId: three.blobId }, { ...three, blobId: two.blobId }] },
      large,
    ],
    ['a part replaced', { ...large, parts: [one, { ...two, blobId: 'blobX' }, three] }, large],
    ['sizes shifted', { ...large, parts: [{ ...one, size: 99 }, { ...two, size: 101 }, three] }, large],
    ['all parts gone', { ...large, parts: [], size: 0 }, large],
    ['another entity tag', { ...extendedLarge, entityTag: patternOf(16, 2) }, extendedLarge],
    ['no entity tag', large, { ...large, entityTag: patternOf(16) }],
    ['no further checksum', plain, extendedPlain],
    [
      'a further checksum of the content that was one of the parts',
      { ...extendedLarge, checksums: { ...noChecksums, further: crc32 } },
      extendedLarge,
    ],
    [
      'another algorithm of as many bytes',
      { ...extendedPlain, checksums: { ...checksums, further: { ...crc32, algorithm: 'CRC32C' } } },
      extendedPlain,
    ],
    ['another further checksum of a part', { ...extendedLarge, parts: large.parts }, extendedLarge],
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
