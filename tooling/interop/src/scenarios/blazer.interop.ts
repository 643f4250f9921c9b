import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Api } from '../harness/api.ts';
import {
  blazer,
  blazerRefused,
  blazerResult,
  type BlazerCall,
  type BlazerKey,
  type BlazerObject,
} from '../harness/blazer.ts';
import { readUrl } from '../harness/curl.ts';
import { encryptionView } from '../harness/encryption.ts';
import { httpOnly, logged, scenarios, type World } from '../harness/scenario.ts';
import { expectSameBytes } from '../harness/stored-files.ts';
import { sha1, type TestFile } from '../harness/test-file.ts';

const chunkSize = 1_000_000;
const largeSize = 2_400_000;
const lastModified = Date.UTC(2024, 1, 29, 12);

const newName = (): string => `interop-${randomBytes(6).toString('hex')}`;

/** Makes a bucket with blazer, which knows no encryption but a bucket's default. */
async function madeBucket(world: World, encrypted: boolean): Promise<string> {
  const bucket = newName();
  await blazerResult(world, { call: 'createBucket', bucket, encrypted, info: {} });
  return bucket;
}

async function expectRead(world: World, read: object, expected: Uint8Array): Promise<unknown> {
  const path = join(world.folder, 'read');
  const settings = { offset: 0, length: -1, chunkSize: 300_000, downloads: 3 };
  const compared = await blazerResult(world, { call: 'read', ...settings, ...read, path });
  expectSameBytes(readFileSync(path), expected);
  return compared;
}

async function listed(world: World, call: object): Promise<readonly BlazerObject[]> {
  return (await blazerResult(world, { call: 'list', which: 'current', ...call })) as readonly BlazerObject[];
}

scenarios('blazer', (world) => {
  describe.each([
    { label: 'no encryption', encrypted: false },
    { label: 'the default SSE-B2', encrypted: true },
  ])('with $label', ({ encrypted }) => {
    const file = (name: string, size: number): TestFile =>
      encrypted ? world().secretFile(name, size) : world().file(name, size);
    const mode = encrypted ? 'sseB2' : 'none';

    test('small and large files, streamed or not, are written, read in ranges and shown', async () => {
      const bucket = await madeBucket(world(), encrypted);
      const files = { empty: file('e', 0), 'dir/ü +%': file('s', 20_000), streamed: file('l', largeSize) };
      const about = { contentType: 'text/x-test', info: { colour: 'blue green' }, lastModified };
      const calls = Object.entries(files).map(([name, { path, content }]): BlazerCall => {
        const chunks = { chunkSize, uploads: 3, streamed: name === 'streamed', sha1: sha1(content) };
        return { call: 'write', bucket, name, path, ...chunks, ...about };
      });
      const direct = { ...calls[2], call: 'write', name: 'large', streamed: false };
      await blazer(world(), [...calls, direct]);
      const { folder, endpoint, server } = world();
      const api = await Api.open(folder, endpoint, server.credentials);
      for (const [name, source] of Object.entries({ ...files, large: files.streamed })) {
        await expectRead(world(), { bucket, name }, source.content);
        const shown = (await blazerResult(world(), { call: 'attributes', bucket, name })) as BlazerObject;
        expect(shown).toMatchObject({ name, size: source.content.length, sha1: sha1(source.content), lastModified });
        expect(shown).toMatchObject({ state: 'uploaded', contentType: 'text/x-test', info: { colour: 'blue green' } });
        const stored = await api.call('b2_get_file_info', { fileId: shown.fileId });
        const isLarge = source.content.length > chunkSize;
        expect(stored).toMatchObject({
          serverSideEncryption: encryptionView(world().modes[mode]),
          contentSha1: isLarge ? 'none' : sha1(source.content),
        });
      }
    });

    test('ranges of a large file, in one stream and in several', async () => {
      const bucket = await madeBucket(world(), encrypted);
      const { path, content } = file('large', largeSize);
      await blazerResult(world(), { call: 'write', bucket, name: 'large', path, chunkSize, uploads: 2 });
      for (const [offset, length] of [
        [0, 1],
        [16_383, 2],
        [999_999, 2],
        [990_000, 1_020_000],
        [largeSize - 1, -1],
        [1_234_567, -1],
      ] as const) {
        const end = length < 0 ? largeSize : offset + length;
        for (const downloads of [1, 3]) {
          await expectRead(
            world(),
            { bucket, name: 'large', offset, length, downloads },
            content.subarray(offset, end),
          );
        }
      }
    });

    test('an interrupted upload is found and taken up, and another is given up', async () => {
      const bucket = await madeBucket(world(), encrypted);
      const { path, content } = file('large', largeSize);
      const upload = { bucket, path, chunkSize: 200_000, uploads: 1 };
      await blazer(world(), [
        { call: 'interrupt', name: 'again', ...upload },
        { call: 'interrupt', name: 'given up', ...upload },
      ]);
      const unfinished = await listed(world(), { bucket, which: 'unfinished' });
      expect(unfinished.map(({ name }) => name)).toEqual(['again', 'given up']);
      await blazerResult(world(), { call: 'write', name: 'again', resume: true, streamed: true, ...upload });
      await expect.poll(() => world().requestsFor('b2_list_parts'), logged).toBeGreaterThan(0);
      await blazerResult(world(), { call: 'cancelAll', bucket });
      expect(await listed(world(), { bucket, which: 'unfinished' })).toEqual([]);
      const [stored] = await listed(world(), { bucket });
      expect(stored).toMatchObject({ name: 'again', fileId: unfinished[0]?.fileId, size: largeSize });
      await expectRead(world(), { bucket, name: 'again' }, content);
    });
  });
});

const inBuckets = (world: () => World): void => {
  test('versions are hidden, revealed, listed in pages and folders, and deleted with the bucket', async () => {
    const bucket = await madeBucket(world(), true);
    const [first, second] = [world().secretFile('1', 4000), world().secretFile('2', 5000)];
    const write = (name: string, { path }: TestFile): BlazerCall => ({ call: 'write', bucket, name, path, chunkSize });
    await blazer(world(), [write('a', first), write('a', second), write('dir/b', first), write('dir/sub/c', first)]);
    const names = async (call: object): Promise<readonly string[]> =>
      (await listed(world(), { bucket, ...call })).map(({ name }) => name);
    expect(await names({ pageSize: 1 })).toEqual(['a', 'dir/b', 'dir/sub/c']);
    expect(await names({ prefix: 'dir/' })).toEqual(['dir/b', 'dir/sub/c']);
    expect(await expectRead(world(), { bucket, name: 'a' }, second.content)).toBe(true);
    await blazerResult(world(), { call: 'hide', bucket, name: 'a' });
    expect(await names({})).toEqual(['dir/b', 'dir/sub/c']);
    expect(
      (await listed(world(), { bucket, which: 'versions', prefix: 'a', pageSize: 2 })).map(({ state }) => state),
    ).toEqual(['hider', 'uploaded', 'uploaded']);
    await blazerResult(world(), { call: 'reveal', bucket, name: 'a' });
    await expectRead(world(), { bucket, name: 'a' }, second.content);
    await blazerResult(world(), { call: 'delete', bucket, name: 'a' });
    await expectRead(world(), { bucket, name: 'a' }, first.content);
    const full = await blazerRefused(world(), { call: 'deleteBucket', bucket });
    expect(full).toContain('Cannot delete non-empty bucket');
    await blazer(world(), [
      { call: 'deleteAll', bucket },
      { call: 'deleteBucket', bucket },
    ]);
    expect(await blazerRefused(world(), { call: 'bucket', bucket })).toContain('not found');
  });

  test('a bucket is made with information, rules and a default, and shown', async () => {
    const bucket = newName();
    const settings = { info: { owner: 'blazer' }, daysUntilHidden: 7, daysUntilDeleted: 1 };
    await blazerResult(world(), { call: 'createBucket', bucket, ...settings, encrypted: true });
    const rule = { Prefix: '', DaysNewUntilHidden: 7, DaysHiddenUntilDeleted: 1 };
    const shown = await blazerResult(world(), { call: 'bucket', bucket });
    expect(shown).toEqual({ type: 'allPrivate', info: { owner: 'blazer' }, rules: [rule] });
    expect(await world().b2.json(['bucket', 'get', bucket])).toMatchObject({
      defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' },
      lifecycleRules: [{ fileNamePrefix: '', daysFromUploadingToHiding: 7, daysFromHidingToDeleting: 1 }],
    });
  });

  test('a CORS rule is refused, as blazer sends none of their names, which are required', async () => {
    const call = { call: 'createBucket', bucket: newName(), info: {}, origin: 'https://example.com' };
    expect(await blazerRefused(world(), call)).toContain('corsRuleName is missing');
  });

  test('keys are made, listed, used within their limits, and deleted', async () => {
    const bucket = await madeBucket(world(), true);
    const { path, content } = world().secretFile('f', 30_000);
    const made = (await blazerResult(world(), {
      ...{ call: 'createKey', name: 'below-mine', bucket, prefix: 'mine/', seconds: 3600 },
      capabilities: ['listBuckets', 'listFiles', 'readFiles', 'writeFiles'],
    })) as BlazerKey;
    const { keyId, key = '' } = made;
    world().leaks.applicationKey(key);
    expect(key).not.toBe('');
    expect(made.capabilities).toEqual(['listBuckets', 'listFiles', 'readFiles', 'writeFiles']);
    const { name, expires } = made;
    expect(expires).toBeGreaterThan(Date.now());
    expect(await blazerResult(world(), { call: 'keys' })).toContainEqual({ keyId, name, expires });
    const session = { credentials: { keyId, key } };
    const write = { call: 'write', bucket, path, chunkSize };
    await blazerResult(world(), { ...write, name: 'mine/f' }, session);
    await blazerResult(world(), { ...write, name: 'other/f' });
    const read = { call: 'read', bucket, path: join(world().folder, 'read'), offset: 0, length: -1 };
    await blazerResult(world(), { ...read, name: 'mine/f' }, session);
    expectSameBytes(readFileSync(read.path), content);
    expect(await blazerRefused(world(), { ...read, name: 'other/f' }, session)).toContain('401');
    expect(await blazerRefused(world(), { call: 'hide', bucket, name: 'other/f' }, session)).toContain('401');
    await blazerResult(world(), { call: 'deleteKey', name: 'below-mine' });
    await expect(blazerResult(world(), { call: 'bucket', bucket }, session)).rejects.toThrow('401');
  });

  test('a signed URL opens one file, without a token of the account', async () => {
    const bucket = await madeBucket(world(), true);
    const file = world().secretFile('f', 30_000);
    await blazerResult(world(), { call: 'write', bucket, name: 'f', path: file.path, chunkSize });
    const url = String(await blazerResult(world(), { call: 'signedUrl', bucket, name: 'f', seconds: 60 }));
    expect(url.startsWith(`${world().endpoint.url}/file/${bucket}/f?Authorization=`)).toBe(true);
    expectSameBytes(await readUrl(world(), url), file.content);
  });
};

scenarios("blazer's buckets and keys", inBuckets, [], httpOnly);

scenarios(
  'blazer in test mode',
  (world) => {
    test('uploads that fail are repeated until all is there', async () => {
      const bucket = await madeBucket(world(), true);
      const small = world().secretFile('small', 3000);
      const large = world().secretFile('large', largeSize);
      const files = Array.from({ length: 40 }, (_, at) => ({ name: `f${at}`, ...small }));
      const calls = [...files, { name: 'large', ...large }].map(({ name, path }) => ({
        ...{ call: 'write', bucket, name, path, chunkSize: 400_000, uploads: 2 },
      }));
      await blazer(world(), calls, { failSomeUploads: true });
      await expect.poll(() => world().requestsFor('b2_upload_file'), logged).toBeGreaterThan(files.length);
      expect((await world().b2.ok(['ls', '-r', '--versions', `b2://${bucket}`])).split('\n')).toHaveLength(41);
      await expectRead(world(), { bucket, name: 'large' }, large.content);
    });
  },
  ['--test-mode'],
  httpOnly,
);
