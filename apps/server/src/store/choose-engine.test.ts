import { createHash } from 'node:crypto';
import { headerMetadataSize } from '@coffer/b2-schema';
import { collect, SecretBytes, streamOf } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { nativeEngine, type FoundEngine } from '@coffer/envelope-native';
import { createStorage, type DigestEngine } from '@coffer/storage-core';
import { systemRandom } from '@coffer/storage-ports';
import { machineClock } from '@coffer/store-local';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { describe, expect, test } from 'vitest';
import { chooseDigestEngine, chooseEngine, engineWarning, nativeUse } from './choose-engine.ts';

const found = nativeEngine();
const missing = (reason: 'not_built' | 'not_loadable' | 'other_version' | 'self_test_failed') => (): FoundEngine => ({
  missing: `The native engine is not available: ${reason}`,
  reason,
});
const notLookedFor = (): FoundEngine => {
  throw new Error('Native code was looked for');
};

test('the TypeScript engine is there for whoever asks for it', () => {
  const asked = { engine: 'typescript' } as const;
  expect(chooseEngine(asked, notLookedFor).name).toBe('typescript');
  expect(nativeUse(asked, notLookedFor)).toBe('not_asked');
  expect(engineWarning(asked, notLookedFor)).toBeUndefined();
});

test('auto takes native code where it is there', () => {
  const isThere = 'engine' in found;
  expect(chooseEngine({ engine: 'auto' }).name).toBe(isThere ? 'native' : 'typescript');
  expect(nativeUse({ engine: 'auto' })).toBe(isThere ? 'used' : found.reason);
});

test('native code that is not there is not replaced by anything', () => {
  if ('engine' in found) expect(chooseEngine({ engine: 'native' }).name).toBe('native');
  else expect(() => chooseEngine({ engine: 'native' })).toThrow(found.missing);
});

test.each(['not_loadable', 'other_version', 'self_test_failed'] as const)(
  'auto warns of a library that is there and is %s',
  (reason) => {
    expect(chooseEngine({ engine: 'auto' }, missing(reason)).name).toBe('typescript');
    expect(nativeUse({ engine: 'auto' }, missing(reason))).toBe(reason);
    const warning = engineWarning({ engine: 'auto' }, missing(reason));
    expect(warning).toContain(`not available: ${reason}. TypeScript does the work instead`);
    expect(warning).not.toContain('\n');
  },
);

test('auto says nothing where no library was built', () => {
  expect(engineWarning({ engine: 'auto' }, missing('not_built'))).toBeUndefined();
  expect(nativeUse({ engine: 'auto' }, missing('not_built'))).toBe('not_built');
});

test.each([
  [1, 1, undefined],
  [2, 1, 1],
  [3, 1, 2],
  [64, 1, 2],
  [2, 2, undefined],
  [8, 3, 1],
  [4, 8, undefined],
])('on %i cores, %i workers digest on other threads only where a core is left: %s', (cores, workers, expected) => {
  const machine = { cores, load: () => 0 };
  expect(chooseDigestEngine({ engine: 'auto', workers }, machine)?.aside).toBe(
    'engine' in found ? expected : undefined,
  );
  expect(chooseDigestEngine({ engine: 'typescript', workers }, machine)).toBeUndefined();
});

test.skipIf('missing' in found)('nothing is digested on other threads while no core is idle', () => {
  let load = 1.5;
  const engine = chooseDigestEngine({ engine: 'auto', workers: 1 }, { cores: 2, load: () => load });
  expect(engine?.aside).toBe(1);
  load = 1.6;
  expect(engine?.aside).toBe(0);
  load = 1;
  expect(engine?.aside).toBe(1);
});

describe.skipIf('missing' in found && process.env['COFFER_NATIVE'] !== 'required')('with native digests', () => {
  test.each(['none', 'SSE-B2'] as const)('files with encryption %s are those of the reference', async (mode) => {
    const data = Uint8Array.from({ length: 1_500_000 }, (_, i) => (i * 31 + (i >> 8) * 17) & 0xff);
    const digestOf = (name: string) => createHash(name).update(data);
    const claims = { sha1: { kind: 'given', sha1: digestOf('sha1').digest('hex') } as const };
    const stores = { metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore() };
    const keys = new MemoryKeyProvider([
      { id: 'k', state: 'active', createdAt: 0, key: SecretBytes.copyOf(new Uint8Array(32).fill(1)) },
    ]);
    const shared = { ...stores, keys, clock: machineClock, random: systemRandom };
    const storageWith = (digestEngine: DigestEngine | undefined) =>
      createStorage({ ...shared, digestEngine, metadataSize: headerMetadataSize });
    const native = storageWith(chooseDigestEngine({ engine: 'native', workers: 1 }, { cores: 4, load: () => 0 }));
    const { accountId } = await native.accounts.bootstrap();
    const { bucketId } = await native.buckets.create({
      accountId,
      name: 'bucket-one',
      type: 'allPrivate',
      settings: {},
    });
    for (const [writer, reader] of [
      [native, storageWith(undefined)],
      [storageWith(undefined), native],
    ] as const) {
      const pieces = Array.from({ length: 24 }, (_, i) => data.slice(i * 65_000, (i + 1) * 65_000));
      const version = await writer.files.upload(
        { bucketId, name: 'a', contentType: 'text/plain', fileInfo: {}, encryption: { mode } },
        { body: { stream: streamOf(...pieces), length: data.length }, ...claims, md5: digestOf('md5').digest() },
      );
      const opened = await reader.reads.open(version);
      const back = await collect(opened.read({ start: 0, length: data.length }), data.length);
      opened.close();
      expect(Buffer.compare(back, data)).toBe(0);
    }
  });
});
