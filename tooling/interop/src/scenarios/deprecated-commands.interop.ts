import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Api } from '../harness/api.ts';
import { lastJson } from '../harness/b2-cli.ts';
import { writingWith } from '../harness/encryption.ts';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { expectSameBytes, expectStored, type PrintedFile } from '../harness/stored-files.ts';

const day = 86_400_000;

/** The tool's older spellings, which scripts still use. */
const declare = (world: () => World): void => {
  const ok = (...args: readonly string[]): Promise<string> => world().b2.ok(args);
  const json = (...args: readonly string[]): Promise<unknown> => world().b2.json(args);

  test('of accounts and keys', async () => {
    const { server } = world();
    const { keyId, key } = server.credentials;
    await ok('authorize-account', keyId, key);
    expect(await json('get-account-info')).toMatchObject({ applicationKeyId: keyId });
    const [made = '', secret = ''] = (await ok('create-key', 'my-key', 'listFiles,readFiles')).split(/\s+/);
    world().leaks.applicationKey(secret);
    expect(await ok('list-keys', '--long')).toMatch(new RegExp(`${made} .*listFiles,readFiles`));
    await ok('delete-key', made);
    expect(await ok('list-keys')).not.toContain(made);
    await ok('clear-account');
    expect(await world().b2.refused(['get-account-info'])).toContain('ERROR');
  });

  test('of buckets', async () => {
    const name = `${await world().bucket()}-old`;
    const bucketId = await ok('create-bucket', name, 'allPrivate');
    expect(await json('get-bucket', '--show-size', name)).toMatchObject({ bucketId, fileCount: 0, totalSize: 0 });
    expect(await json('update-bucket', '--bucket-info', '{"a":"b"}', name, 'allPublic')).toMatchObject({
      ...{ bucketId, bucketType: 'allPublic', bucketInfo: { a: 'b' } },
    });
    expect(await ok('list-buckets')).toContain(`${bucketId}  allPublic   ${name}`);
    const rule = (command: string, ...options: readonly string[]): Promise<string> =>
      ok('notification-rules', command, `b2://${name}`, 'my-rule', ...options);
    await rule('create', '--event-type', 'b2:ObjectCreated:*', '--webhook-url', 'https://example.com/hook');
    await rule('update', '--event-type', 'b2:ObjectDeleted:*');
    await rule('disable');
    const listed = ['notification-rules', 'list', '--json', `b2://${name}`];
    expect(await json(...listed)).toMatchObject([{ eventTypes: ['b2:ObjectDeleted:*'], isEnabled: false }]);
    await rule('enable');
    expect(await json(...listed)).toMatchObject([{ isEnabled: true }]);
    await rule('delete');
    expect(await json(...listed)).toEqual([]);
    const source = await world().bucket();
    await ok('replication-setup', '--name', 'rule', source, name);
    await ok('replication-pause', source, 'rule');
    await ok('replication-unpause', source, 'rule');
    expect(await json('replication-status', '--no-progress', '--output-format', 'json', source)).toEqual({ rule: [] });
    await ok('replication-delete', source, 'rule');
    await ok('delete-bucket', name);
  });

  test('of uploads, downloads and files', async () => {
    const { b2, modes, folder } = world();
    const bucket = await world().bucket('--default-server-side-encryption', 'SSE-B2');
    const file = world().secretFile('file', 30_000);
    const uploaded = await ok('upload-file', '--no-progress', bucket, file.path, 'dir/f');
    const { fileId } = lastJson(uploaded) as PrintedFile;
    const streaming = ['upload-unbound-stream', '--no-progress', '--part-size', '5000000', bucket, '-', 'streamed'];
    await b2.piped(streaming, file.content, writingWith(modes.sseC1));
    await expectStored(world(), `b2://${bucket}/streamed`, modes.sseC1, file);
    const target = join(folder, 'target');
    for (const download of [
      ['download-file', '--no-progress', `b2://${bucket}/dir/f`, target],
      ['download-file-by-id', '--no-progress', fileId, target],
      ['download-file-by-name', '--no-progress', bucket, 'dir/f', target],
    ]) {
      await ok(...download);
      expectSameBytes(readFileSync(target), file.content);
    }
    expectSameBytes(await b2.piped(['cat', '--no-progress', `b2id://${fileId}`], Buffer.alloc(0)), file.content);
    for (const info of [
      ['file-info', `b2://${bucket}/dir/f`],
      ['get-file-info', fileId],
    ]) {
      expect(await json(...info)).toMatchObject({ fileId, fileName: 'dir/f', size: 30_000 });
    }
    await ok('copy-file-by-id', fileId, bucket, 'copy');
    await ok('file', 'copy-by-id', fileId, bucket, 'copy-2');
    for (const copy of ['copy', 'copy-2']) await expectStored(world(), `b2://${bucket}/${copy}`, modes.none, file);
    await ok('hide-file', bucket, 'copy');
    expect(await ok('ls', '-r', `b2://${bucket}`)).toBe('copy-2\ndir/f\nstreamed');
    await ok('delete-file-version', fileId);
    expect(await ok('ls', '-r', `b2://${bucket}`)).toBe('copy-2\nstreamed');
  });

  test('of urls and authorizations', async () => {
    const { endpoint } = world();
    const bucket = await world().bucket();
    const { path, content } = world().file('file', 1000);
    const { fileId } = lastJson(await ok('upload-file', '--no-progress', bucket, path, 'a b')) as PrintedFile;
    const url = `${endpoint.url}/file/${bucket}/a%20b`;
    expect(await ok('get-url', `b2://${bucket}/a b`)).toBe(url);
    expect(await ok('make-friendly-url', bucket, 'a b')).toBe(url);
    expect(await ok('make-url', fileId)).toMatch(new RegExp(`b2_download_file_by_id\\?fileId=${fileId}$`));
    const token = await ok('get-download-auth', '--prefix', 'a', bucket);
    const authorised = [await ok('get-download-url-with-auth', bucket, 'a b'), `${url}?Authorization=${token}`];
    for (const one of authorised) expectSameBytes(Buffer.from(await (await fetch(one)).arrayBuffer()), content);
  });

  test('of locks', async () => {
    const { b2 } = world();
    const bucket = await world().bucket('--file-lock-enabled');
    const { path } = world().file('file', 1000);
    const { fileId } = lastJson(await ok('upload-file', '--no-progress', bucket, path, 'f')) as PrintedFile;
    await ok('update-file-legal-hold', fileId, 'on');
    await ok('update-file-retention', '--retain-until', String(Date.now() + day), 'f', fileId, 'governance');
    expect(await json('get-file-info', fileId)).toMatchObject({
      legalHold: 'on',
      fileRetention: { mode: 'governance' },
    });
    expect(await b2.refused(['delete-file-version', '--bypass-governance', 'f', fileId])).toContain('Access Denied');
    await ok('update-file-legal-hold', 'f', fileId, 'off');
    await ok('delete-file-version', '--bypass-governance', 'f', fileId);
  });

  test('of large files', async () => {
    const { server, endpoint, folder } = world();
    const bucket = await world().bucket();
    const { bucketId } = (await json('get-bucket', bucket)) as { bucketId: string };
    const api = await Api.open(folder, endpoint, server.credentials);
    const start = { bucketId, contentType: 'text/plain' };
    const ids = await Promise.all(
      ['a', 'b'].map(
        async (fileName) => (await api.call('b2_start_large_file', { ...start, fileName }))['fileId'] ?? '',
      ),
    );
    expect(await ok('list-parts', ids[0] ?? '')).toBe('');
    expect((await ok('list-unfinished-large-files', bucket)).split('\n')).toHaveLength(2);
    await ok('cancel-large-file', ids[0] ?? '');
    expect(await ok('cancel-all-unfinished-large-files', bucket)).toContain(ids[1]);
    expect(await ok('list-unfinished-large-files', bucket)).toBe('');
  });
};

scenarios('deprecated commands', declare, [], httpOnly);
