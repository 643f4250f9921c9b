import { SecretBytes, collect } from '@coffer/bytes';
import {
  keys,
  tableNames,
  type FileVersionRecord,
  type MetadataStore,
  type TableName,
  type Tables,
  type Write,
} from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { describe, expect, test } from 'vitest';
import {
  bodyOf,
  createFixture,
  customer,
  largeFile,
  newFile,
  sampleBytes,
  uploadTo,
  type Fixture,
} from '../../test/fixture.ts';
import { newSnapshot } from '../../test/new-snapshot.ts';
import { recordOf } from '../encryption/checksums.ts';
import { versionKey } from '../records/version-commit.ts';
import type { Finding, FindingKind, VerificationOptions } from '../services/verification.ts';

const everything = { start: new Uint8Array(0), end: undefined, limit: 10_000 };

/** A store with something in every table, whole. */
async function openScene() {
  const stores = { metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() };
  const fixture = await createFixture({ stores, options: { inlineThreshold: 100 }, proven: true });
  const { storage, bucket, accountId } = fixture;
  const { bucketId } = bucket;
  const versions: Record<string, FileVersionRecord> = {};
  for (const mode of ['none', 'SSE-B2', 'SSE-C'] as const) {
    const encryption = mode === 'SSE-C' ? customer(1) : { mode };
    for (const [shape, size] of [
      ['inline', 50],
      ['blob', 40_000],
    ] as const)
      versions[`${shape} ${mode}`] = await uploadTo(fixture, `${shape} ${mode}`, sampleBytes(size), { encryption });
    const parts = [sampleBytes(20_000), sampleBytes(20_000, 1), sampleBytes(5)];
    versions[`large ${mode}`] = await largeFile(fixture, `large ${mode}`, parts, { encryption });
  }
  await uploadTo(fixture, 'hidden');
  for (const name of ['hidden', 'hidden', 'never there'])
    await storage.files.hide(bucketId, name, { evenIfAbsent: true });
  await uploadTo(fixture, 'older');
  versions['newer'] = await uploadTo(fixture, 'older', sampleBytes(3));
  const started = await storage.largeFiles.start(newFile(bucketId, 'unfinished'));
  versions['unfinished'] = started;
  await storage.largeFiles.uploadPart({ fileId: started.fileId, partNumber: 7 }, bodyOf(sampleBytes(500)));
  const { key } = await storage.applicationKeys.create({
    ...{ accountId, keyName: 'key', capabilities: ['readFiles'], bucketIds: null, namePrefix: null },
    validDurationInSeconds: null,
  });
  const rule = { name: 'rule-one', eventTypes: ['b2:ObjectCreated:*'], objectNamePrefix: '', maxEventsPerBatch: 1 };
  const target = { url: 'https://example.org/', customHeaders: null, signingSecret: null };
  await storage.accounts.create({ name: 'another' });
  await storage.notifications.setRules(bucketId, [{ ...rule, isEnabled: true, target }]);
  await uploadTo(fixture, 'event');
  await storage.buckets.update(bucketId, { blocksCustomerKeys: true });
  await storage.snapshots.add(
    newSnapshot(bucket, { request: { id: 'one', digest: 'a'.repeat(64) } }),
    [{ kind: 'folder', prefix: '' }],
    { active: 1, ended: 1 },
  );
  return { ...fixture, versions, applicationKeyId: key.applicationKeyId };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

async function findingsOf({ storage }: Pick<Fixture, 'storage'>, options: VerificationOptions = {}) {
  const run = await storage.verification.begin(options);
  const findings: Finding[] = [];
  for await (const finding of run.findings()) findings.push(finding);
  return { findings, run };
}

const kindsOf = (findings: readonly Finding[]): ReadonlySet<FindingKind> => new Set(findings.map(({ kind }) => kind));

async function put<Name extends TableName>(
  metadata: MetadataStore,
  table: Name,
  key: Uint8Array,
  record: Tables[Name] | undefined,
): Promise<void> {
  // What was given by the storage has digests, which are not stored.
  const stored = table === 'fileVersions' && record instanceof Object ? recordOf(record as FileVersionRecord) : record;
  const write = stored === undefined ? { table, key, delete: true } : { table, key, put: stored };
  await metadata.commit({ expectations: [], writes: [write as unknown as Write] });
}

async function replaceBlob({ blobs, metadata }: Scene, blobId: string, change: (bytes: Buffer) => Uint8Array) {
  const inline = await metadata.get('inlineBlobs', keys.inlineBlobs(blobId));
  if (inline !== undefined)
    return put(metadata, 'inlineBlobs', keys.inlineBlobs(blobId), Uint8Array.from(change(Buffer.from(inline.value))));
  const bytes = Buffer.from(await collect(await blobs.read(blobId), 1_000_000));
  await blobs.delete(blobId);
  const changed = change(bytes);
  await blobs.write(
    blobId,
    (async function* () {
      await Promise.resolve();
      yield changed;
    })(),
  );
}

describe('a whole store', () => {
  test('has nothing that is wrong, and all of it was looked at', async () => {
    const scene = await openScene();
    const { findings, run } = await findingsOf(scene);
    expect(findings).toEqual([]);
    let rows = 0;
    for (const table of tableNames) rows += (await scene.metadata.scan(table, everything)).length;
    expect(run.counts).toMatchObject({ rows, withoutKey: 5, damaged: 0, orphans: 0, unsettled: 0 });
    const withKey = await findingsOf(scene, {
      customerKeys: [2, 1].map((byte) => SecretBytes.copyOf(new Uint8Array(32).fill(byte))),
    });
    expect(withKey.findings).toEqual([]);
    expect(withKey.run.counts).toMatchObject({ rows, withoutKey: 0, blobs: run.counts.blobs + 5 });
  });

  test('is not changed by it', async () => {
    const scene = await openScene();
    const before = await Promise.all(tableNames.map((table) => scene.metadata.scan(table, everything)));
    await findingsOf(scene);
    expect(await Promise.all(tableNames.map((table) => scene.metadata.scan(table, everything)))).toEqual(before);
  });
});

/** What the loss of any row of a table is found as; undefined where it leaves no trace. */
const losses: Readonly<Record<TableName, FindingKind | undefined>> = {
  accounts: 'missing-row',
  applicationKeys: undefined,
  buckets: 'missing-row',
  bucketNames: 'missing-row',
  fileVersions: 'missing-row',
  fileIds: 'missing-row',
  nameHeads: 'missing-row',
  supersededVersions: 'missing-row',
  visibleNames: 'missing-row',
  unfinishedFiles: 'missing-row',
  parts: 'missing-row',
  partEpochs: 'missing-row',
  blobReferences: 'missing-row',
  inlineBlobs: 'blob-missing',
  pendingDeletions: undefined,
  counters: undefined,
  keyringCanary: 'missing-row',
  storeIdentity: 'missing-row',
  backupLeases: undefined,
  clockMarks: undefined,
  blobWriteBounds: undefined,
  members: undefined,
  memberBeats: undefined,
  workLeases: undefined,
  notificationRules: 'missing-row',
  notificationEvents: undefined,
  notificationStates: undefined,
  snapshots: 'missing-row',
  snapshotQueue: 'missing-row',
  snapshotContents: undefined,
};

describe('a row that is lost', () => {
  test.each(tableNames.filter((table) => losses[table] !== undefined))('%s', async (table) => {
    const scene = await openScene();
    const rows = await scene.metadata.scan(table, everything);
    expect(rows.length).toBeGreaterThan(0);
    // Rows of every kind, and not each of them.
    const step = Math.ceil(rows.length / 6);
    for (const { key, value } of rows.filter((_, index) => index % step === 0)) {
      await put(scene.metadata, table, key, undefined);
      expect(kindsOf((await findingsOf(scene)).findings)).toContain(losses[table]);
      await put(scene.metadata, table, key, value);
    }
    expect((await findingsOf(scene)).findings).toEqual([]);
  });

  test('of the master key, and of a counter that something was numbered with', async () => {
    const scene = await openScene();
    const { metadata, accountId } = scene;
    const lost = [
      ['applicationKeys', keys.applicationKeys(accountId)],
      ['counters', keys.counters('account')],
      ['counters', keys.counters(`bucket/${accountId}`)],
    ] as const;
    for (const [table, key] of lost) {
      const stored = await metadata.get(table, key);
      await put(metadata, table, key, undefined);
      expect([...kindsOf((await findingsOf(scene)).findings)]).toEqual(['missing-row']);
      await put(metadata, table, key, stored!.value);
    }
  });

  test('of a blob that is to be removed leaves its reference', async () => {
    const scene = await openScene();
    const { fileId, blobId } = scene.versions['blob none']!;
    const doomed = keys.pendingDeletions(blobId!);
    scene.blobs.delete = () => Promise.reject(new Error('interrupted'));
    await scene.storage.files.deleteVersion({ name: 'blob none', fileId, bypassGovernance: false });
    expect(await scene.metadata.get('pendingDeletions', doomed)).toBeDefined();
    expect((await findingsOf(scene)).findings).toEqual([]);
    await put(scene.metadata, 'pendingDeletions', doomed, undefined);
    expect((await findingsOf(scene)).findings).toMatchObject([
      { kind: 'missing-row', table: 'blobReferences', blobId },
    ]);
  });
});

/** Where a row of a table would be that the scene has none of. */
function keyOfAbsent(table: TableName): Uint8Array {
  if (table === 'backupLeases') return keys.backupLeases();
  return table === 'clockMarks' ? keys.clockMarks() : keys.pendingDeletions('a');
}

describe('a row that is no record of its table', () => {
  test.each(tableNames)('%s', async (table) => {
    const scene = await openScene();
    const { metadata } = scene;
    const [row] = await metadata.scan(table, everything);
    const key = row?.key ?? keyOfAbsent(table);
    for (const wrong of [null, 5, { surprise: 1 }]) {
      await put(metadata, table, key, wrong as never);
      const { findings } = await findingsOf(scene);
      expect(findings).toContainEqual(expect.objectContaining({ kind: 'undecodable', table }));
    }
  });

  test('is named by what its key tells', async () => {
    const scene = await openScene();
    const version = scene.versions['newer']!;
    await put(scene.metadata, 'fileVersions', versionKey(version), { ...version, size: 'large' } as never);
    const { findings } = await findingsOf(scene);
    expect(findings).toContainEqual(
      expect.objectContaining({
        ...{ kind: 'undecodable', bucketName: 'bucket-one' },
        detail: expect.stringContaining('size is not a whole number') as string,
      }),
    );
  });
});

test('a second account without a name is found, from either of the two', async () => {
  const scene = await openScene();
  const { metadata } = scene;
  for (const { key, value } of await metadata.scan('accounts', everything)) {
    const { name: _, ...nameless } = value;
    await put(metadata, 'accounts', key, nameless);
  }
  const { findings } = await findingsOf(scene);
  expect(findings.filter(({ kind }) => kind === 'contradiction')).toHaveLength(2);
});

test('a record under the key of another is found', async () => {
  const scene = await openScene();
  const [one, two] = [scene.versions['blob none']!, scene.versions['blob SSE-B2']!];
  await put(scene.metadata, 'fileVersions', versionKey(one), two);
  expect((await findingsOf(scene)).findings).toContainEqual(
    expect.objectContaining({ kind: 'misplaced', table: 'fileVersions', fileId: one.fileId }),
  );
});

describe('a blob', () => {
  const shapes = ['inline', 'blob', 'large'] as const;
  const modes = ['none', 'SSE-B2', 'SSE-C'] as const;
  const customerKeys = [SecretBytes.copyOf(new Uint8Array(32).fill(1))];
  const damages: Readonly<Record<string, readonly [FindingKind, (bytes: Buffer) => Uint8Array]>> = {
    'cut short': ['blob-length', (bytes) => bytes.subarray(0, -1)],
    extended: ['blob-length', (bytes) => Buffer.concat([bytes, Buffer.of(0)])],
    empty: ['blob-length', () => Buffer.of()],
    'with a flipped bit at its end': [
      'blob-damaged',
      (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1)! ^ 1)]),
    ],
    'with a flipped bit in its salt': [
      'blob-damaged',
      (bytes) => Buffer.concat([Buffer.of(bytes[0]! ^ 1), bytes.subarray(1)]),
    ],
  };

  test.each(modes.flatMap((mode) => shapes.map((shape) => `${shape} ${mode}`)))('%s', async (name) => {
    const scene = await openScene();
    const version = scene.versions[name]!;
    const part = await scene.metadata.get('parts', keys.parts(version.fileId, 2));
    const blobId = version.blobId ?? part!.value.blobId;
    for (const [kind, damage] of Object.values(damages)) {
      let before = Buffer.of();
      await replaceBlob(scene, blobId, (bytes) => damage((before = Buffer.from(bytes))));
      const { findings } = await findingsOf(scene, { customerKeys });
      const expected = kind === 'blob-damaged' && version.encryption.mode === 'none' ? 'checksum' : kind;
      expect(kindsOf(findings)).toEqual(new Set([expected]));
      expect(findings[0]).toMatchObject({
        ...{ bucketName: 'bucket-one', name, fileId: version.fileId, blobId },
        partNumber: part === undefined ? 0 : 2,
      });
      await replaceBlob(scene, blobId, () => before);
    }
    await scene.blobs.delete(blobId);
    await put(scene.metadata, 'inlineBlobs', keys.inlineBlobs(blobId), undefined);
    expect(kindsOf((await findingsOf(scene, { customerKeys })).findings)).toEqual(new Set(['blob-missing']));
  });

  test('that nothing names is told apart from damage', async () => {
    const scene = await openScene();
    await scene.blobs.write(
      'abc',
      (async function* () {
        await Promise.resolve();
        yield Buffer.of(1);
      })(),
    );
    const { findings, run } = await findingsOf(scene);
    expect(findings).toMatchObject([{ kind: 'orphan', blobId: 'abc', table: null }]);
    expect(run.counts).toMatchObject({ damaged: 0, orphans: 1 });
  });
});

test('a record that its seal is not of, a secret and a key that do not open, and a proof that does not hold are found', async () => {
  const scene = await openScene();
  const { metadata, applicationKeyId, bucket } = scene;
  const flip = (bytes: Uint8Array) => bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
  const damaged = async <Name extends TableName>(
    table: Name,
    key: Uint8Array,
    change: (record: Tables[Name]) => Tables[Name],
  ) => {
    const stored = await metadata.get(table, key);
    await put(metadata, table, key, change(stored!.value));
    const kinds = kindsOf((await findingsOf(scene)).findings);
    await put(metadata, table, key, stored!.value);
    return [...kinds];
  };
  const version = scene.versions['blob SSE-B2']!;
  const encryption = version.encryption;
  const withEncryption = (changes: object) => () => ({ ...version, encryption: { ...encryption, ...changes } });
  const at = versionKey(version);
  expect(await damaged('fileVersions', at, withEncryption({ seal: flip(encryption.seal) }))).toEqual(['seal']);
  expect(await damaged('fileVersions', at, withEncryption({ wrappedKey: flip(encryption.wrappedKey!) }))).toEqual([
    'seal',
    'file-key',
  ]);
  expect(await damaged('fileVersions', at, withEncryption({ globalKeyId: 'gk_gone' }))).toEqual(['global-key']);
  const key = keys.applicationKeys(applicationKeyId);
  expect(await damaged('applicationKeys', key, (k) => ({ ...k, sealedSecret: flip(k.sealedSecret) }))).toContain(
    'secret',
  );
  const rules = keys.notificationRules(bucket.bucketId);
  expect(
    await damaged('notificationRules', rules, (r) => ({
      ...r,
      rules: r.rules.map((rule) => ({ ...rule, sealedTarget: flip(rule.sealedTarget) })),
    })),
  ).toContain('secret');
  expect(await damaged('keyringCanary', keys.keyringCanary(), (c) => ({ ...c, mac: flip(c.mac) }))).toEqual([
    'keyring-proof',
  ]);
});

describe('a run', () => {
  test('that was stopped is gone on with, after each row, and finds the rest', async () => {
    const scene = await openScene();
    for (const name of ['blob none', 'blob SSE-B2', 'newer']) {
      const version = scene.versions[name]!;
      await put(scene.metadata, 'fileIds', keys.fileIds(version.fileId), undefined);
    }
    const { findings: all, run: whole } = await findingsOf(scene);
    expect(all.length).toBeGreaterThanOrEqual(3);
    const first = await scene.storage.verification.begin();
    const found: Finding[] = [];
    for await (const finding of first.findings()) {
      found.push(finding);
      break;
    }
    // As a file would keep it.
    let from = JSON.parse(JSON.stringify(first.cursor)) as typeof first.cursor;
    expect(from.counts.damaged).toBe(0);
    const stopping = new AbortController();
    const second = await scene.storage.verification.begin({ from, signal: stopping.signal });
    const collected: Finding[] = [];
    await expect(
      (async () => {
        for await (const finding of second.findings()) {
          collected.push(finding);
          if (collected.length === 2) stopping.abort(new Error('stopped'));
        }
      })(),
    ).rejects.toThrow('stopped');
    from = second.cursor;
    const rest = await findingsOf(scene, { from });
    const seen = [...collected, ...rest.findings].map((finding) => JSON.stringify(finding));
    expect(new Set(seen)).toEqual(new Set(all.map((finding) => JSON.stringify(finding))));
    expect(rest.run.counts.damaged).toBe(whole.counts.damaged);
    expect(rest.run.stage.number).toBe(rest.run.stage.of - 1);
  });

  test('is refused where it did not begin', async () => {
    const { storage, bucket } = await openScene();
    const { cursor } = await storage.verification.begin();
    const begin = (options: VerificationOptions) => storage.verification.begin(options);
    await expect(begin({ from: cursor, bucketId: bucket.bucketId })).rejects.toMatchObject({ code: 'invalid' });
    await expect(begin({ from: { ...cursor, stage: 'other' } })).rejects.toMatchObject({ code: 'invalid' });
    await expect(begin({ from: { ...cursor, after: 'x' } })).rejects.toMatchObject({ code: 'invalid' });
    await expect(begin({ bucketId: 'other' })).rejects.toMatchObject({ code: 'bucket_missing' });
  });

  test('over one bucket looks at no other', async () => {
    const scene = await openScene();
    const { storage, accountId, bucket, metadata } = scene;
    const other = await storage.buckets.create({ accountId, name: 'bucket-two', type: 'allPrivate', settings: {} });
    const there = await uploadTo({ storage, bucket: other }, 'there');
    const here = scene.versions['newer']!;
    for (const { fileId } of [there, here]) await put(metadata, 'fileIds', keys.fileIds(fileId), undefined);
    const { findings } = await findingsOf(scene, { bucketId: other.bucketId });
    expect(findings).toMatchObject([{ bucketName: 'bucket-two', fileId: there.fileId, kind: 'missing-row' }]);
    expect((await findingsOf(scene, { bucketId: bucket.bucketId })).findings).toMatchObject([{ fileId: here.fileId }]);
  });
});
