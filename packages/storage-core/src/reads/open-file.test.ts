import { describe, expect, test, vi } from 'vitest';
import { collect, SecretBytes } from '@coffer/bytes';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { keys, type FileVersionRecord, type StoredEncryption } from '@coffer/storage-ports';
import {
  createFixture,
  customer,
  globalKeys,
  largeFile,
  readBack,
  sampleBytes,
  uploadTo,
  type Fixture,
} from '../../test/fixture.ts';
import { createStorage } from '../create-storage.ts';
import { isNewer } from '../records/name-head.ts';
import { versionKey } from '../records/version-commit.ts';

const modes: readonly (readonly [string, () => EncryptionRequest])[] = [
  ['none', () => ({ mode: 'none' })],
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(1)],
];

async function tamper({ metadata }: Fixture, version: FileVersionRecord, changed: FileVersionRecord): Promise<void> {
  await metadata.commit({
    expectations: [],
    writes: [{ table: 'fileVersions', key: versionKey(version), put: changed }],
  });
}

function withEncryption(version: FileVersionRecord, changes: Partial<StoredEncryption>): FileVersionRecord {
  return { ...version, encryption: { ...version.encryption, ...changes } };
}

function flipped(bytes: Uint8Array | null, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes!);
  changed[at]! ^= 1;
  return changed;
}

describe.each(modes)('a record of a file with %s', (_, request) => {
  const changes: readonly (readonly [
    string,
    (version: FileVersionRecord, other: FileVersionRecord) => FileVersionRecord,
  ])[] = [
    ['with another seal', (version) => withEncryption(version, { seal: flipped(version.encryption.seal, 5) })],
    ['with another name', (version) => ({ ...version, name: 'b' })],
    ['with another size', (version) => ({ ...version, size: version.size + 1 })],
    ['with another file’s blob', (version, other) => ({ ...version, blobId: other.blobId })],
    ['with another file’s encryption', (version, other) => ({ ...version, encryption: other.encryption })],
    [
      'without encryption',
      (version) =>
        withEncryption(version, {
          mode: 'none',
          wrappedKey: null,
          verifier: null,
          seal: flipped(version.encryption.seal, 0),
        }),
    ],
  ];
  test.each(changes)('%s is refused as damaged or not the key’s', async (_name, change) => {
    const fixture = await createFixture();
    const version = await uploadTo(fixture, 'a', sampleBytes(100), { encryption: request() });
    const other = await uploadTo(fixture, 'other', sampleBytes(100), { encryption: request() });
    const changed = change(version, other);
    await tamper(fixture, version, changed);
    const given = changed.encryption.mode === 'SSE-C' ? request() : undefined;
    await expect(fixture.storage.reads.open(changed, given)).rejects.toMatchObject({
      code: expect.stringMatching(/^(integrity|customer_key_wrong)$/) as string,
    });
  });
});

test.each([
  ['SSE-B2', { mode: 'SSE-B2' }, 'none'],
  ['SSE-C', customer(1), 'none'],
  ['none', { mode: 'none' }, 'SSE-B2'],
] as const)('a mode changed from %s is refused', async (_, encryption, mode) => {
  const fixture = await createFixture();
  const version = await uploadTo(fixture, 'a', sampleBytes(10), { encryption });
  for (const changes of [{ mode }, { mode, wrappedKey: null, verifier: null }] as const)
    await expect(fixture.storage.reads.open(withEncryption(version, changes))).rejects.toMatchObject({
      code: 'integrity',
    });
});

describe('a large file', () => {
  const parts = [sampleBytes(200, 1), sampleBytes(200, 2), sampleBytes(200, 3)];

  test.each([
    ['dropped', (_: Fixture, id: string) => [{ table: 'parts', key: keys.parts(id, 3), delete: true }] as const],
    [
      'swapped',
      async ({ metadata }: Fixture, id: string) => {
        const [first, second] = [
          await metadata.get('parts', keys.parts(id, 1)),
          await metadata.get('parts', keys.parts(id, 2)),
        ];
        return [
          { table: 'parts', key: keys.parts(id, 1), put: { ...second!.value, partNumber: 1 } },
          { table: 'parts', key: keys.parts(id, 2), put: { ...first!.value, partNumber: 2 } },
        ] as const;
      },
    ],
  ] as const)('with a part %s is refused, whatever its encryption', async (_, writesOf) => {
    for (const [, request] of modes) {
      const fixture = await createFixture();
      const version = await largeFile(fixture, 'l', parts, { encryption: request() });
      await fixture.metadata.commit({ expectations: [], writes: await writesOf(fixture, version.fileId) });
      await expect(
        fixture.storage.reads.open(version, request().mode === 'SSE-C' ? request() : undefined),
      ).rejects.toMatchObject({ code: 'integrity' });
    }
  });

  test('whose start was downgraded takes no parts and does not finish', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const started = await storage.largeFiles.start({
      bucketId: bucket.bucketId,
      name: 'l',
      contentType: 'a/b',
      fileInfo: {},
      encryption: { mode: 'SSE-B2' },
    });
    await tamper(fixture, started, withEncryption(started, { mode: 'none', wrappedKey: null }));
    const body = { stream: (async function* () {})(), length: 0 };
    await expect(
      storage.largeFiles.uploadPart({ fileId: started.fileId, partNumber: 1 }, { body, sha1: { kind: 'unverified' } }),
    ).rejects.toMatchObject({ code: 'integrity' });
  });
});

describe('a blob', () => {
  async function storedFile(encryption: EncryptionRequest) {
    const fixture = await createFixture({ options: { inlineThreshold: 0 } });
    const version = await uploadTo(fixture, 'a', sampleBytes(40_000), { encryption });
    const replace = async (change: (bytes: Uint8Array) => Uint8Array) => {
      const bytes = await collect(await fixture.blobs.read(version.blobId!), 100_000);
      await fixture.blobs.delete(version.blobId!);
      await fixture.blobs.write(
        version.blobId!,
        (async function* () {
          yield change(Uint8Array.from(bytes));
        })(),
      );
    };
    return { fixture, version, replace };
  }

  test.each(['none', 'SSE-B2'] as const)('of another length (%s) is refused before the first byte', async (mode) => {
    for (const change of [(b: Uint8Array) => b.subarray(1), (b: Uint8Array) => Uint8Array.of(...b, 0)]) {
      const { fixture, version, replace } = await storedFile({ mode });
      await replace(change);
      for (const length of [0, 5]) {
        const file = await fixture.storage.reads.open(version);
        const pieces = file.read({ start: 0, length })[Symbol.asyncIterator]();
        await expect(pieces.next()).rejects.toMatchObject({ code: 'integrity', details: { fileId: version.fileId } });
      }
    }
  });

  test('with a flipped bit is refused, without a byte of the damaged chunk', async () => {
    const { fixture, version, replace } = await storedFile({ mode: 'SSE-B2' });
    await replace((bytes) => flipped(bytes, 56 + 16_400 + 20));
    await expect(readBack(fixture.storage, version)).rejects.toMatchObject({ code: 'integrity' });
    expect(await readBack(fixture.storage, version, undefined, { start: 0, length: 16_384 })).toHaveLength(16_384);
  });

  test('that is gone is damage while its file is there', async () => {
    const { fixture, version } = await storedFile({ mode: 'SSE-B2' });
    await fixture.blobs.delete(version.blobId!);
    await expect(readBack(fixture.storage, version)).rejects.toMatchObject({ code: 'integrity' });
  });
});

describe('customer keys', () => {
  test('are needed, must be right, and are not wanted elsewhere', async () => {
    const fixture = await createFixture();
    const { storage } = fixture;
    const version = await uploadTo(fixture, 'a', sampleBytes(10), { encryption: customer(1) });
    for (const request of [undefined, { mode: 'none' }, { mode: 'SSE-B2' }] as const)
      await expect(storage.reads.open(version, request)).rejects.toMatchObject({
        code: 'sse_violation',
        details: { violation: 'customer_key_required' },
      });
    await expect(storage.reads.open(version, customer(2))).rejects.toMatchObject({ code: 'customer_key_wrong' });
    const plain = await uploadTo(fixture, 'b', sampleBytes(10), { encryption: { mode: 'SSE-B2' } });
    await expect(storage.reads.open(plain, customer(1))).rejects.toMatchObject({
      details: { violation: 'not_customer_encrypted' },
    });
    expect(await readBack(storage, plain, { mode: 'SSE-B2' })).toHaveLength(10);
  });

  test('are in nothing that is stored', async () => {
    const fixture = await createFixture();
    const encryption = customer(0x5a);
    await uploadTo(fixture, 'a', sampleBytes(100), { encryption });
    await largeFile(fixture, 'l', [sampleBytes(100), sampleBytes(1)], { encryption });
    const rows = await Promise.all(
      (['fileVersions', 'inlineBlobs', 'parts'] as const).map((table) =>
        fixture.metadata.scan(table, { start: new Uint8Array(0), end: undefined, limit: 100 }),
      ),
    );
    const text = JSON.stringify(rows, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    );
    expect(text).not.toContain('5a'.repeat(32));
    expect(text).not.toContain(encryption.customerKey.md5Base64);
  });
});

test('without the global key nothing is readable, and nothing is called damaged', async () => {
  const fixture = await createFixture();
  const version = await uploadTo(fixture, 'a', sampleBytes(10), { encryption: { mode: 'SSE-B2' } });
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const stranger = createStorage({ ...fixture, keys: globalKeys(8), random });
  await expect(stranger.reads.open(version)).rejects.toMatchObject({ code: 'storage_unavailable' });
});

describe('an open file', () => {
  test('keeps its key until it is closed and the last read has ended', async () => {
    const fixture = await createFixture();
    const version = await largeFile(fixture, 'l', [sampleBytes(200), sampleBytes(300)], {
      encryption: { mode: 'SSE-B2' },
    });
    const file = await fixture.storage.reads.open(version);
    const first = file.read({ start: 0, length: 500 });
    const second = file.read({ start: 199, length: 2 })[Symbol.asyncIterator]();
    const begun = await second.next();
    file.close();
    file.close();
    // The stream that was begun keeps the key; the one that nobody pulled from cannot.
    await expect(collect(first, 500)).rejects.toMatchObject({ code: 'file_closed' });
    let length = begun.done === true ? 0 : begun.value.length;
    for (let piece = await second.next(); piece.done !== true; piece = await second.next())
      length += piece.value.length;
    expect(length).toBe(2);
    expect(() => file.read({ start: 0, length: 1 })).toThrow(expect.objectContaining({ code: 'file_closed' }));
  });

  test('wipes its key when it is closed, also if a stream of it was never begun', async () => {
    const fixture = await createFixture();
    const version = await uploadTo(fixture, 'a', sampleBytes(200), { encryption: { mode: 'SSE-B2' } });
    const wiped = vi.spyOn(SecretBytes.prototype, 'wipe');
    try {
      const file = await fixture.storage.reads.open(version);
      file.read({ start: 0, length: 200 });
      const before = wiped.mock.calls.length;
      file.close();
      expect(wiped.mock.calls.length).toBe(before + 1);
    } finally {
      wiped.mockRestore();
    }
  });

  test('reads nothing outside the file, and stops at a signal', async () => {
    const fixture = await createFixture();
    const version = await uploadTo(fixture, 'a', sampleBytes(10));
    const file = await fixture.storage.reads.open(version);
    for (const range of [
      { start: 0, length: 11 },
      { start: -1, length: 1 },
    ])
      expect(() => file.read(range)).toThrow(RangeError);
    await expect(collect(file.read({ start: 0, length: 5 }, AbortSignal.abort(new Error('gone'))), 5)).rejects.toThrow(
      'gone',
    );
  });
});

test('versions of one moment are ordered by id, as the table orders them', () => {
  expect(isNewer({ uploadTimestamp: 1, fileId: 'a' }, { uploadTimestamp: 1, fileId: 'b' })).toBe(true);
  expect(isNewer({ uploadTimestamp: 1, fileId: 'b' }, { uploadTimestamp: 1, fileId: 'a' })).toBe(false);
  expect(isNewer({ uploadTimestamp: 2, fileId: 'b' }, { uploadTimestamp: 1, fileId: 'a' })).toBe(true);
});
