import { printJson } from '@coffer/b2-schema';
import { streamOf } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { TestServer } from './test-support/test-server.ts';

interface Row {
  action: string;
  fileName: string;
  fileId: string | null;
}

async function scene() {
  const server = await TestServer.inMemory();
  const bucketId = await server.createBucket('my-bucket');
  for (const name of ['a', 'd/x', 'd/y', 'e', 'e', 'gone']) await server.upload(bucketId, name, 'x');
  await server.ok('b2_hide_file', { bucketId, fileName: 'gone' });
  await server.ok('b2_start_large_file', { bucketId, fileName: 'large', contentType: 'a/b' });
  return { server, bucketId };
}

describe('listings', () => {
  it('of names', async () => {
    const { server, bucketId } = await scene();
    const names = async (fields: object) => {
      const page = await server.ok('b2_list_file_names', { bucketId, ...fields });
      return [(page.files as Row[]).map(({ fileName }) => fileName), page.nextFileName];
    };
    expect(await names({})).toEqual([['a', 'd/x', 'd/y', 'e'], null]);
    expect(await names({ maxFileCount: 0 })).toEqual([['a', 'd/x', 'd/y', 'e'], null]);
    expect(await names({ maxFileCount: 2 })).toEqual([['a', 'd/x'], 'd/y']);
    expect(await names({ startFileName: 'd/y' })).toEqual([['d/y', 'e'], null]);
    expect(await names({ prefix: 'd/' })).toEqual([['d/x', 'd/y'], null]);
    expect(await names({ delimiter: '/' })).toEqual([['a', 'd/', 'e'], null]);
    expect(await names({ delimiter: '' })).toEqual([['a', 'd/x', 'd/y', 'e'], null]);
    const [page, next] = await names({ delimiter: '/', maxFileCount: 2 });
    expect(page).toEqual(['a', 'd/']);
    expect(await names({ delimiter: '/', startFileName: next })).toEqual([['e'], null]);
  });

  it('of versions', async () => {
    const { server, bucketId } = await scene();
    const rows = async (fields: object) => {
      const page = await server.ok('b2_list_file_versions', { bucketId, ...fields });
      return { ...page, rows: (page.files as Row[]).map(({ action, fileName }) => `${action} ${fileName}`) };
    };
    const all = await rows({});
    expect(all.rows).toEqual([
      'upload a',
      'upload d/x',
      'upload d/y',
      'upload e',
      'upload e',
      'hide gone',
      'upload gone',
      'start large',
    ]);
    expect([all.nextFileName, all.nextFileId]).toEqual([null, null]);
    const first = await rows({ maxFileCount: 4 });
    expect(first.nextFileName).toBe('e');
    const rest = await rows({ startFileName: first.nextFileName, startFileId: first.nextFileId });
    expect([...first.rows, ...rest.rows]).toEqual(all.rows);
    expect((await rows({ delimiter: '/' })).rows).toContain('folder d/');
  });

  it('show hide markers and folders without encryption and locks', async () => {
    const { server, bucketId } = await scene();
    const { files } = await server.ok('b2_list_file_versions', { bucketId, delimiter: '/' });
    const { accountId } = server;
    expect((files as Row[]).find(({ action }) => action === 'folder')).toEqual({
      accountId,
      action: 'folder',
      bucketId,
      contentLength: 0,
      contentMd5: null,
      contentSha1: null,
      contentType: null,
      fileId: null,
      fileInfo: {},
      fileName: 'd/',
      uploadTimestamp: 0,
    });
    const marker = {
      accountId,
      action: 'hide',
      bucketId,
      contentLength: 0,
      contentMd5: 'd41d8cd98f00b204e9800998ecf8427e',
      contentSha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      contentType: 'application/x-bz-hide-marker',
      fileId: expect.any(String) as string,
      fileInfo: {},
      fileName: 'gone',
      uploadTimestamp: expect.any(Number) as number,
    };
    expect((files as Row[]).find(({ action }) => action === 'hide')).toEqual(marker);
    await server.upload(bucketId, 'b', 'x');
    const hide = await server.ok('b2_hide_file', { bucketId, fileName: 'b' }, { version: 'v1' });
    expect(hide).toEqual({ ...marker, fileName: 'b', size: 0 });
  });

  it('call the length also size in v1', async () => {
    const { server, bucketId } = await scene();
    for (const name of ['b2_list_file_names', 'b2_list_file_versions'] as const) {
      const old = await server.ok(name, { bucketId, prefix: 'a' }, { version: 'v1' });
      expect(old.files).toMatchObject([{ contentLength: 1, size: 1 }]);
      const current = await server.ok(name, { bucketId, prefix: 'a' }, { version: 'v2' });
      expect(current.files[0]).not.toHaveProperty('size');
    }
  });

  it('refuse counts that are too great, and an id without its name', async () => {
    const { server, bucketId } = await scene();
    const tooMany = { bucketId, maxFileCount: 10_001 };
    for (const name of ['b2_list_file_names', 'b2_list_file_versions'] as const) {
      await server.refused(() => server.call(name, tooMany), { status: 400, code: 'out_of_range' });
    }
    expect((await server.call('b2_list_unfinished_large_files', tooMany)).status).toBe(200);
    const { files } = await server.ok('b2_list_file_names', { bucketId });
    const startFileId = (files as Row[])[0]?.fileId;
    await server.refused(() => server.call('b2_list_file_versions', { bucketId, startFileId }), {
      status: 400,
      code: 'bad_request',
    });
  });
});

describe('single versions', () => {
  it('are hidden once', async () => {
    const { server, bucketId } = await scene();
    const hide = (fileName: string) => () => server.call('b2_hide_file', { bucketId, fileName });
    const refused = { status: 400, code: 'no_such_file' } as const;
    await server.refused(hide('nothing'), { ...refused, message: 'File not present: nothing' });
    await server.refused(hide('large'), { ...refused, message: 'File not present: large' });
    const again = { status: 400, code: 'already_hidden', message: 'File already hidden: gone' } as const;
    await server.refused(hide('gone'), again);
  });

  it('are deleted by id and name together', async () => {
    const { server, bucketId } = await scene();
    const { files } = await server.ok('b2_list_file_versions', { bucketId });
    const { fileId, fileName } = (files as Row[])[0]!;
    const call = (fields: object) => () => server.call('b2_delete_file_version', { fileId, fileName, ...fields });
    const refused = { status: 400, code: 'file_not_present' } as const;
    await server.refused(call({ fileName: 'b' }), { ...refused, message: `File not present: b ${fileId!}` });
    await server.refused(call({ fileId: 'x' }), { status: 400, code: 'bad_request', message: 'Invalid fileId: x' });
    for (const row of files as Row[]) {
      const answer = await server.ok('b2_delete_file_version', { fileId: row.fileId, fileName: row.fileName });
      expect(answer).toEqual({ fileId: row.fileId, fileName: row.fileName });
    }
    await server.refused(call({}), { ...refused, message: `File not present: ${fileName} ${fileId!}` });
    await server.refused(() => server.call('b2_get_file_info', { fileId }), { status: 404, code: 'not_found' });
    await server.ok('b2_delete_bucket', { accountId: server.accountId, bucketId });
  });

  it('have info unless they are unfinished', async () => {
    const { server, bucketId } = await scene();
    const { files } = await server.ok('b2_list_file_versions', { bucketId });
    for (const row of files as Row[]) {
      const call = () => server.call('b2_get_file_info', { fileId: row.fileId });
      if (row.action === 'start') await server.refused(call, { status: 404, code: 'not_found' });
      else expect((await call()).json).toEqual(row);
    }
  });
});

describe('a long page', () => {
  const operations = ['b2_list_file_names', 'b2_list_file_versions'] as const;
  type Page = Readonly<Record<string, unknown>> & { readonly files: readonly Row[] };

  async function longScene() {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const file = { bucketId, contentType: 'a/b' };
    for (let i = 0; i < 1_300; i++) {
      const folder = i % 3 === 0 ? `d€${String(i % 7)}/` : '';
      const name = `${folder}n${String(i).padStart(5, '0')}`;
      for (let version = i % 5 === 0 ? 2 : 1; version > 0; version--) {
        const body = { body: { stream: streamOf(), length: 0 }, sha1: { kind: 'unverified' } as const };
        await server.storage.files.upload({ ...file, name, fileInfo: { i: `ä${String(i)}` } }, body);
      }
    }
    await server.ok('b2_hide_file', { bucketId, fileName: 'n00001' });
    await server.ok('b2_start_large_file', { bucketId, fileName: 'n00001', contentType: 'a/b' });
    const send = async (operation: string, version: string, fields: object) => {
      const answer = await server.send({
        method: 'POST',
        target: `/b2api/${version}/${operation}`,
        headers: { Authorization: server.masterToken },
        body: JSON.stringify({ bucketId, ...fields }),
      });
      expect(answer.status).toBe(200);
      return { text: new TextDecoder().decode(answer.bytes), page: answer.json as Page };
    };
    return { send };
  }

  /** The fields that ask for what comes after a page. */
  function rest({ nextFileName, nextFileId }: Page): object {
    return { startFileName: nextFileName, ...(typeof nextFileId === 'string' && { startFileId: nextFileId }) };
  }

  it('is byte for byte what shorter pages make together', async () => {
    const { send } = await longScene();
    const queries = [
      { version: 'v1', maxFileCount: 1_001 },
      { version: 'v4', maxFileCount: 10_000, delimiter: '/' },
      { version: 'v4', maxFileCount: 10_000, startFileName: 'd€3/n00003' },
    ];
    for (const operation of operations) {
      for (const { version, maxFileCount, ...query } of queries) {
        const files: Row[] = [];
        let last: Page | undefined;
        do {
          const count = Math.min(maxFileCount - files.length, 150);
          const next = last === undefined ? {} : rest(last);
          last = (await send(operation, version, { ...query, ...next, maxFileCount: count })).page;
          files.push(...last.files);
        } while (last['nextFileName'] !== null && files.length < maxFileCount);
        const { text } = await send(operation, version, { ...query, maxFileCount });
        expect(text === printJson({ ...last, files })).toBe(true);
      }
    }
  });
});

it('long lists of keys and of parts are byte for byte what shorter ones make together', async () => {
  const server = await TestServer.inMemory();
  const bucketId = await server.createBucket('my-bucket');
  const { accountId } = server;
  const { fileId } = await server.ok('b2_start_large_file', { bucketId, fileName: 'large', contentType: 'a/b' });
  const url = await server.ok('b2_get_upload_part_url', { fileId });
  for (let i = 1; i <= 510; i++) {
    await server.uploadTo(url, String(i), { 'X-Bz-Part-Number': String(2 * i) });
    const key = { accountId, capabilities: ['readFiles'], keyName: `key-${i}`, ...(i % 2 === 0 && { bucketId }) };
    await server.ok('b2_create_key', key, { version: 'v3' });
  }
  const lists = [
    { list: 'keys', ask: 'maxKeyCount', from: 'startApplicationKeyId', next: 'nextApplicationKeyId' },
    { list: 'parts', ask: 'maxPartCount', from: 'startPartNumber', next: 'nextPartNumber' },
  ] as const;
  for (const { list, ask, from, next } of lists) {
    for (const version of list === 'keys' ? ['v3', 'v4'] : ['v4']) {
      const page = async (count: number, start: unknown) => {
        const answer = await server.send({
          method: 'POST',
          target: `/b2api/${version}/b2_list_${list}`,
          headers: { Authorization: server.masterToken },
          body: JSON.stringify({ ...(list === 'keys' ? { accountId } : { fileId }), [ask]: count, [from]: start }),
        });
        expect(answer.status).toBe(200);
        return { text: new TextDecoder().decode(answer.bytes), json: answer.json as Record<string, unknown> };
      };
      const rows: object[] = [];
      let start: unknown;
      do {
        const { json } = await page(200, start);
        rows.push(...(json[list] as object[]));
        start = json[next];
      } while (start !== null);
      expect(rows).toHaveLength(510);
      const { text } = await page(10_000, undefined);
      expect(text === printJson({ [list]: rows, [next]: null })).toBe(true);
    }
  }
});

it('a page of thousands of rows keeps nobody else waiting', async () => {
  const server = await TestServer.inMemory();
  const bucketId = await server.createBucket('my-bucket');
  const count = 4_000;
  const name = (i: number) => `n${String(i).padStart(5, '0')}`;
  const file = { bucketId, contentType: 'a/b', fileInfo: {} };
  for (let i = 0; i < count; i++) {
    const body = { body: { stream: streamOf(), length: 0 }, sha1: { kind: 'unverified' } as const };
    await server.storage.files.upload({ ...file, name: name(i) }, body);
  }
  const listed = new AbortController();
  const pages = Promise.all(
    ['b2_list_file_names', 'b2_list_file_versions'].map((operation) =>
      server.send({
        method: 'POST',
        target: `/b2api/v4/${operation}`,
        headers: { Authorization: server.masterToken },
        body: JSON.stringify({ bucketId, maxFileCount: 10_000 }),
      }),
    ),
  ).finally(() => {
    listed.abort();
  });
  let others = 0;
  for (; !listed.signal.aborted; others++) {
    await server.ok('b2_get_upload_url', { bucketId });
    await new Promise((resolve) => setImmediate(resolve));
  }
  // Each list is read, made and printed in many turns.
  expect(others).toBeGreaterThan(20);
  for (const { json } of await pages) {
    const { files } = json as { files?: readonly Row[] };
    expect(files?.map(({ fileName }) => fileName)).toEqual(Array.from({ length: count }, (_, i) => name(i)));
  }
});
