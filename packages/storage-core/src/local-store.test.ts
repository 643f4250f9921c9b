import { headerMetadataSize } from '@coffer/b2-schema';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { createKeyring, openKeyring } from '@coffer/keyring';
import { assertNoLeakInDirectory } from '@coffer/storage-testkit';
import { openLocalStore, type LocalStore } from '@coffer/store-local';
import {
  census,
  createFixture,
  customer,
  largeFile,
  readBack,
  sampleBytes,
  uploadTo,
  deletionOf,
} from '../test/fixture.ts';
import { createStorage } from './create-storage.ts';

let directory: string;
let store: LocalStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-core-'));
  store = await openLocalStore({ directory });
});

afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

const modes: readonly (readonly [string, () => EncryptionRequest])[] = [
  ['none', () => ({ mode: 'none' })],
  ['SSE-B2', () => ({ mode: 'SSE-B2' })],
  ['SSE-C', () => customer(0x5a)],
];

test.each(modes)('files, large files and copies with %s', async (_, request) => {
  const fixture = await createFixture({ stores: store, options: { inlineThreshold: 1_000 } });
  const { storage } = fixture;
  const before = await census(fixture);
  const [small, big] = [sampleBytes(100, 1), sampleBytes(100_000, 2)];
  const versions = [
    await uploadTo(fixture, 'small', small, { encryption: request() }),
    await uploadTo(fixture, 'big', big, { encryption: request() }),
    await largeFile(fixture, 'large', [big, small], { encryption: request() }),
  ];
  const source = { fileId: versions[2]!.fileId, encryption: request() };
  const readable = request().mode === 'SSE-C' ? source : { fileId: source.fileId };
  versions.push(await storage.copies.copyFile({ source: readable, name: 'copy', encryption: request() }));
  const given = request().mode === 'SSE-C' ? request() : undefined;
  const whole = Uint8Array.from(Buffer.concat([big, small]));
  for (const [index, data] of [small, big, whole, whole].entries())
    expect(await readBack(storage, versions[index]!, given)).toEqual(data);
  const range = { start: 99_990, length: 20 };
  expect(await readBack(storage, versions[2]!, given, range)).toEqual(whole.slice(99_990, 100_010));
  for (const version of versions) await storage.files.deleteVersion(deletionOf(version));
  expect(await census(fixture)).toEqual(before);
  expect(await storage.recovery.recover()).toEqual({
    deletions: 0,
    leftovers: 0,
    orphanBlobs: 0,
    purged: 0,
    concerns: [],
  });
});

test('uploads and deletes of one name at once, and listings of what is left', async () => {
  const fixture = await createFixture({ stores: store });
  const { storage, bucket } = fixture;
  const versions = await Promise.all(
    Array.from({ length: 40 }, (_, n) => uploadTo(fixture, `name ${n % 4}`, sampleBytes(n))),
  );
  const doomed = versions.filter((_, n) => n % 3 === 0);
  await Promise.all(doomed.map((version) => storage.files.deleteVersion(deletionOf(version))));
  const left = versions.filter((version) => !doomed.includes(version));
  const { rows } = await storage.listings.names({ bucketId: bucket.bucketId, limit: 10 });
  for (const row of rows) {
    const name = row.kind === 'version' ? row.version.name : '';
    const times = left.filter((version) => version.name === name).map((version) => version.uploadTimestamp);
    expect(row).toMatchObject({ version: { uploadTimestamp: Math.max(...times) } });
  }
  expect(rows).toHaveLength(4);
});

test('everything is there after a restart, and no key is on the disk', async () => {
  const keyringDirectory = await mkdtemp(join(tmpdir(), 'coffer-core-keyring-'));
  const path = join(keyringDirectory, 'keyring.json');
  const root = { kind: 'file', path: join(keyringDirectory, 'root.key') } as const;
  try {
    const keyring = await createKeyring(path, root);
    const { bucket, storage, clock, accountId } = await createFixture({ stores: store, keys: keyring });
    // The fixture made its account before the proof could be written, as no server does.
    expect(await storage.recovery.checkKeyring()).toBe('missing_proof');
    const data = sampleBytes(100_000);
    await uploadTo({ storage, bucket }, 'a', data, { encryption: customer(0x5a) });
    await uploadTo({ storage, bucket }, 'b', data, { encryption: { mode: 'SSE-B2' } });
    const secret = await storage.accounts.revealMasterKey(accountId);
    const secretText = secret.exposeBytes((bytes) => Uint8Array.from(bytes));
    await store.close();
    keyring.close();

    const leaks = { keys: { 'customer key': new Uint8Array(32).fill(0x5a) }, secrets: { 'master key': secretText } };
    await assertNoLeakInDirectory(leaks, directory);
    store = await openLocalStore({ directory });
    const reopened = await openKeyring(path, root);
    const random = { bytes: (length: number) => new Uint8Array(length) };
    const restarted = createStorage({ ...store, keys: reopened, clock, random, metadataSize: headerMetadataSize });
    expect(await restarted.recovery.recover()).toEqual({
      deletions: 0,
      leftovers: 0,
      orphanBlobs: 0,
      purged: 0,
      concerns: [],
    });
    for (const [name, given] of [
      ['a', customer(0x5a)],
      ['b', undefined],
    ] as const)
      expect(await readBack(restarted, await restarted.files.getByName(bucket.bucketId, name), given)).toEqual(data);
    expect(await restarted.applicationKeys.authenticate(accountId, secret)).toMatchObject({ master: true });
    reopened.close();
  } finally {
    await rm(keyringDirectory, { recursive: true });
  }
});
