import assert from 'node:assert/strict';
import type { TestServer } from '../test-server.ts';
import type { Model, ModelBucket, ModelVersion } from './model.ts';
import { readHeaders } from './run-step.ts';

/** Compares everything that can be listed and read with the model. */
export async function compare(server: TestServer, model: Model): Promise<void> {
  const { accountId } = server;
  const { buckets } = await server.ok('b2_list_buckets', { accountId });
  assert.deepEqual(
    buckets.map(({ bucketName, defaultServerSideEncryption: { value } }) => [bucketName, value?.mode]).sort(),
    model.buckets.map(({ name, encrypts }) => [name, encrypts ? 'SSE-B2' : null]).sort(),
  );
  const { keys } = await server.ok('b2_list_keys', { accountId });
  assert.deepEqual(
    keys.map(({ applicationKeyId }) => applicationKeyId),
    model.keys.map(({ id }) => id).sort(),
  );
  for (const bucket of model.buckets) await compareBucket(server, model, bucket);
}

async function compareBucket(server: TestServer, model: Model, bucket: ModelBucket): Promise<void> {
  for (const [prefix, delimiter] of [
    ['', ''],
    ['', '/'],
    ['a/', '/'],
    ['a', ''],
  ] as const) {
    const listing = { bucketId: bucket.bucketId, prefix, delimiter };
    const visible = model.visible(bucket).map(({ name }) => name);
    assert.deepEqual(await listNames(server, listing), model.folded(visible, prefix, delimiter));
    const all = model.sorted(bucket).map(({ name }) => name);
    assert.deepEqual(
      (await listVersions(server, listing)).map(([name]) => name),
      model.folded(all, prefix, delimiter),
    );
  }
  assert.deepEqual(
    await listVersions(server, { bucketId: bucket.bucketId }),
    model.sorted(bucket).map((version) => [version.name, version.fileId, version.action, shownMode(version)]),
  );
  const { files } = await server.ok('b2_list_unfinished_large_files', { bucketId: bucket.bucketId });
  assert.deepEqual(
    files.map(({ fileId }) => fileId).sort(),
    model
      .unfinished(bucket)
      .map(({ fileId }) => fileId)
      .sort(),
  );
  for (const version of bucket.versions) await compareVersion(server, version);
  for (const version of model.visible(bucket))
    assert.equal(await read(server, `/file/${bucket.name}/${encodeURI(version.name)}`, version), version.data);
}

async function compareVersion(server: TestServer, version: ModelVersion): Promise<void> {
  const { fileId, action } = version;
  if (action === 'start') {
    const { parts } = await server.ok('b2_list_parts', { fileId });
    const listed = parts.map(({ partNumber, contentLength }) => [partNumber, contentLength]);
    assert.deepEqual(listed, [...version.parts].map(([number, data]) => [number, data.length]).sort());
  } else if (action === 'upload') {
    const path = `/b2api/v4/b2_download_file_by_id?fileId=${fileId}`;
    assert.equal(await read(server, path, version), version.data);
    await compareRefusals(server, path, version);
  }
}

/** An SSE-C file is read with its key only. */
async function compareRefusals(server: TestServer, path: string, { mode }: ModelVersion): Promise<void> {
  if (mode !== 'SSE-C 1' && mode !== 'SSE-C 2') return;
  assert.equal((await server.download(path)).status, 400);
  const wrong = await server.download(path, { headers: readHeaders(mode === 'SSE-C 1' ? 'SSE-C 2' : 'SSE-C 1') });
  assert.equal(wrong.status, 403);
}

async function read(server: TestServer, path: string, version: ModelVersion): Promise<string> {
  const { status, bytes } = await server.download(path, { headers: readHeaders(version.mode) });
  assert.equal(status, 200);
  return Buffer.from(bytes).toString('latin1');
}

/** All pages, in small ones. */
async function listNames(server: TestServer, listing: object): Promise<string[]> {
  const rows: string[] = [];
  for (let startFileName: string | null = ''; typeof startFileName === 'string';) {
    const page: { files: { fileName: string }[]; nextFileName: string | null } = await server.ok('b2_list_file_names', {
      ...listing,
      maxFileCount: 2,
      ...(startFileName === '' ? {} : { startFileName }),
    });
    rows.push(...page.files.map(({ fileName }) => fileName));
    startFileName = page.nextFileName;
  }
  return rows;
}

async function listVersions(server: TestServer, listing: object): Promise<(string | null | undefined)[][]> {
  const rows: (string | null | undefined)[][] = [];
  let start: { startFileName?: string | null; startFileId?: string | null } | undefined = {};
  while (start !== undefined) {
    const page: Awaited<ReturnType<typeof pageOfVersions>> = await pageOfVersions(server, { ...listing, ...start });
    for (const file of page.files) {
      const mode = 'serverSideEncryption' in file ? file.serverSideEncryption.mode : undefined;
      rows.push([file.fileName, file.fileId, file.action, mode]);
    }
    const { nextFileName: startFileName, nextFileId: startFileId } = page;
    start = startFileName === null ? undefined : { startFileName, startFileId };
  }
  return rows;
}

function pageOfVersions(server: TestServer, fields: object) {
  return server.ok('b2_list_file_versions', { ...fields, maxFileCount: 3 });
}

function shownMode({ action, mode }: ModelVersion): string | null | undefined {
  if (action === 'hide') return undefined;
  return mode === 'none' ? null : mode.slice(0, mode === 'SSE-B2' ? 6 : 5);
}
