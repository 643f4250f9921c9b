import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { encryptionView, storedMode } from '../harness/encryption.ts';
import { scenarios } from '../harness/scenario.ts';
import { expectStored, fileInfo, upload } from '../harness/stored-files.ts';
import { isNewest } from '../harness/tools.ts';

interface PrintedBucket {
  readonly bucketName: string;
  readonly bucketType: string;
  readonly defaultServerSideEncryption: { readonly mode: string; readonly algorithm?: string };
}

scenarios('buckets', (world) => {
  const get = async (name: string): Promise<PrintedBucket> =>
    (await world().b2.json(['bucket', 'get', name])) as PrintedBucket;

  test('create, get, update, list and delete', async () => {
    const { b2 } = world();
    const name = await world().bucket('--bucket-info', '{"colour":"blue"}');
    expect(await get(name)).toMatchObject({
      bucketName: name,
      bucketType: 'allPrivate',
      bucketInfo: { colour: 'blue' },
      defaultServerSideEncryption: { mode: storedMode(world().modes.none) },
    });
    await b2.ok(['bucket', 'update', name, 'allPublic']);
    expect(await get(name)).toMatchObject({ bucketType: 'allPublic', bucketInfo: { colour: 'blue' } });
    expect(await b2.ok(['bucket', 'list'])).toContain(`allPublic   ${name}`);
    await b2.ok(['bucket', 'delete', name]);
    expect(await b2.ok(['bucket', 'list'])).not.toContain(name);
    expect(await b2.refused(['bucket', 'get', name])).toContain('Bucket not found');
  });

  test('a default of SSE-B2 set on creation encrypts uploads that ask for nothing', async () => {
    const name = await world().bucket('--default-server-side-encryption', 'SSE-B2');
    expect((await get(name)).defaultServerSideEncryption).toEqual({ mode: 'SSE-B2', algorithm: 'AES256' });
    const file = world().secretFile('plain', 100_000, 'text');
    const { fileId } = await upload(world(), name, file, 'by-default', world().modes.none);
    expect((await fileInfo(world(), fileId)).serverSideEncryption).toMatchObject(encryptionView(world().modes.sseB2));
    await expectStored(world(), `b2id://${fileId}`, world().modes.none, file);
  });

  // The newest tool cannot turn a default off.
  test.skipIf(isNewest)('a default is turned on and off for later uploads only', async () => {
    const { b2, modes } = world();
    const name = await world().bucket();
    const modeAfterUpload = async (fileName: string): Promise<unknown> => {
      const { fileId } = await upload(world(), name, world().file(fileName, 20_000), fileName, modes.none);
      return (await fileInfo(world(), fileId)).serverSideEncryption?.mode;
    };
    const before = await modeAfterUpload('before');
    await b2.ok(['bucket', 'update', '--default-server-side-encryption', 'SSE-B2', name]);
    expect((await get(name)).defaultServerSideEncryption).toEqual({ mode: 'SSE-B2', algorithm: 'AES256' });
    const during = await modeAfterUpload('during');
    await b2.ok(['bucket', 'update', '--default-server-side-encryption', 'none', name]);
    expect((await get(name)).defaultServerSideEncryption).toEqual({ mode: 'none' });
    const listed = (await b2.json(['ls', '--json', '-r', `b2://${name}`])) as {
      serverSideEncryption: { mode: unknown };
    }[];
    expect([before, during, await modeAfterUpload('after')]).toEqual(['none', 'SSE-B2', 'none']);
    expect(listed.map((one) => one.serverSideEncryption.mode)).toEqual(['none', 'SSE-B2']);
  });

  test('SSE-C overrides the default of a bucket', async () => {
    const name = await world().bucket('--default-server-side-encryption', 'SSE-B2');
    const file = world().secretFile('secret', 40_000);
    const { fileId } = await upload(world(), name, file, 'mine', world().modes.sseC1);
    expect((await fileInfo(world(), fileId)).serverSideEncryption).toMatchObject({
      mode: 'SSE-C',
      algorithm: 'AES256',
    });
    await expectStored(world(), `b2id://${fileId}`, world().modes.sseC1, file);
  });

  test('a name that exists, a bad name and a bucket with files in it are refused', async () => {
    const { b2, modes } = world();
    const name = await world().bucket();
    expect(await b2.refused(['bucket', 'create', name, 'allPrivate'])).toContain('Bucket name is already in use');
    expect(await b2.refused(['bucket', 'create', 'x', 'allPrivate'])).toContain('ERROR');
    await upload(world(), name, world().file('one', 10), 'one', modes.none);
    expect(await b2.refused(['bucket', 'delete', name])).toContain('ERROR');
    expect(await b2.refused(['bucket', 'delete', `absent-${randomBytes(4).toString('hex')}`])).toContain(
      'Bucket not found',
    );
  });
});
