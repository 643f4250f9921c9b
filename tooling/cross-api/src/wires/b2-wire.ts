import assert from 'node:assert/strict';
import { sha1, type Answer, type TestServer } from '../../../../packages/b2-protocol/src/test-support/test-server.ts';
import { encryptions } from '../customer-keys.ts';
import type { ListedVersion, Made, Result, Wire } from './wire.ts';

const resultOf = ({ status, json }: Answer): Result =>
  status === 200 ? { done: true } : { done: false, why: `${status} ${json.code}` };

/** The id is there in every success. */
const madeOf = ({ status, json }: Answer<object & { fileId?: string | null; code?: string }>): Made =>
  status === 200 ? { done: true, fileId: json.fileId ?? '' } : { done: false, why: `${status} ${json.code}` };

/** The B2 Native API. */
export function b2Wire(server: TestServer): Wire {
  const { accountId } = server;
  return {
    name: 'b2',
    hidesAnything: false,
    createBucket: async (bucketName, { encrypts, locks }) =>
      resultOf(
        await server.call('b2_create_bucket', {
          ...{ accountId, bucketName, bucketType: 'allPrivate', fileLockEnabled: locks },
          ...(encrypts && { defaultServerSideEncryption: encryptions['SSE-B2'].b2Json }),
        }),
      ),
    setDefault: async ({ bucketId }, encrypts) => {
      const defaultServerSideEncryption = encrypts ? encryptions['SSE-B2'].b2Json : { mode: 'none' };
      await server.ok('b2_update_bucket', { accountId, bucketId, defaultServerSideEncryption });
    },
    deleteBucket: async ({ bucketId }) => resultOf(await server.call('b2_delete_bucket', { accountId, bucketId })),
    put: async ({ bucketId }, name, data, mode) =>
      madeOf(await server.upload(bucketId, name, data, { headers: encryptions[mode].b2Headers })),
    hide: async ({ bucketId }, fileName) => madeOf(await server.call('b2_hide_file', { bucketId, fileName })),
    copy: async (_, source, { bucketId: destinationBucketId }, fileName, mode) =>
      madeOf(
        await server.call('b2_copy_file', {
          ...{ sourceFileId: source.fileId, destinationBucketId, fileName },
          ...(source.mode.startsWith('SSE-C') && { sourceServerSideEncryption: encryptions[source.mode].b2Json }),
          destinationServerSideEncryption: encryptions[mode].b2Json,
        }),
      ),
    deleteVersion: async (_, { fileId, name: fileName }, bypassGovernance) =>
      resultOf(await server.call('b2_delete_file_version', { fileId, fileName, bypassGovernance })),
    retain: async (_, { fileId, name: fileName }, retention, bypassGovernance) => {
      const fileRetention = { mode: retention?.mode ?? null, retainUntilTimestamp: retention?.until ?? null };
      const fields = { fileId, fileName, fileRetention, bypassGovernance };
      return resultOf(await server.call('b2_update_file_retention', fields));
    },
    hold: async (_, { fileId, name: fileName }, legalHold) =>
      resultOf(await server.call('b2_update_file_legal_hold', { fileId, fileName, legalHold })),
    start: async ({ bucketId }, fileName, mode) => {
      const serverSideEncryption = encryptions[mode].b2Json;
      const fields = { bucketId, fileName, contentType: 'b2/x-auto', serverSideEncryption };
      return madeOf(await server.call('b2_start_large_file', fields));
    },
    part: async (_, { fileId, mode }, partNumber, data) => {
      requireDone(await server.uploadPart(fileId, partNumber, data, { headers: encryptions[mode].b2Reading }));
    },
    copyPart: async (_, { fileId: largeFileId, mode }, partNumber, source) => {
      const opening = source.mode.startsWith('SSE-C');
      const own = mode.startsWith('SSE-C');
      await server.ok('b2_copy_part', {
        ...{ sourceFileId: source.fileId, largeFileId, partNumber },
        ...(opening && { sourceServerSideEncryption: encryptions[source.mode].b2Json }),
        ...(own && { destinationServerSideEncryption: encryptions[mode].b2Json }),
      });
    },
    finish: async (_, { fileId }, parts) => {
      const numbers = [...parts.keys()].sort((a, b) => a - b);
      const partSha1Array = numbers.map((number) => sha1(parts.get(number) ?? ''));
      return resultOf(await server.call('b2_finish_large_file', { fileId, partSha1Array }));
    },
    cancel: async (_, { fileId }) => {
      await server.ok('b2_cancel_large_file', { fileId });
    },
    listBuckets: async () => {
      const { buckets } = await server.ok('b2_list_buckets', { accountId });
      return buckets.map(({ bucketName }) => bucketName);
    },
    listVersions: ({ bucketId }) => listVersions(server, bucketId),
    listNames: ({ bucketId }, prefix, delimiter) => listNames(server, { bucketId, prefix, delimiter }),
    listUnfinished: async ({ bucketId }) => {
      const { files } = await server.ok('b2_list_unfinished_large_files', { bucketId });
      return files.map(({ fileId }) => fileId);
    },
    listParts: async (_, { fileId }) => {
      const { parts } = await server.ok('b2_list_parts', { fileId });
      return parts.map(({ partNumber, contentLength }) => [partNumber, contentLength] as const);
    },
    read: (_, { fileId, mode }, reading) => {
      const headers = encryptions[reading?.mode ?? mode].b2Reading;
      return read(server, `/b2api/v4/b2_download_file_by_id?fileId=${fileId}`, headers);
    },
    readName: ({ name: bucketName }, name, mode) =>
      read(server, `/file/${bucketName}/${encodeURI(name)}`, encryptions[mode].b2Reading),
    lockOf: async (_, { fileId }) => {
      const info = await server.ok('b2_get_file_info', { fileId });
      assert.ok('fileRetention' in info);
      const { fileRetention, legalHold } = info;
      const retention = fileRetention.value;
      return [retention?.mode ?? null, retention?.retainUntilTimestamp ?? null, legalHold.value];
    },
  };
}

function requireDone({ status, json }: Answer): void {
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(json)}`);
}

async function read(server: TestServer, path: string, headers: Readonly<Record<string, string>>) {
  const { status, bytes } = await server.download(path, { headers });
  return { status, text: Buffer.from(bytes).toString('latin1') };
}

async function listVersions(server: TestServer, bucketId: string): Promise<readonly ListedVersion[]> {
  const rows: ListedVersion[] = [];
  let start: object | undefined = {};
  while (start !== undefined) {
    const page: Awaited<ReturnType<typeof server.ok<'b2_list_file_versions'>>> = await server.ok(
      'b2_list_file_versions',
      { bucketId, maxFileCount: 4, ...start },
    );
    for (const { fileName: name, fileId, uploadTimestamp: timestamp, action, contentLength: size } of page.files) {
      if (action !== 'upload' && action !== 'hide') continue;
      rows.push({ name, fileId, timestamp, action, size });
    }
    const { nextFileName: startFileName, nextFileId: startFileId } = page;
    start = startFileName === null ? undefined : { startFileName, startFileId };
  }
  return rows;
}

async function listNames(server: TestServer, query: object): Promise<readonly string[]> {
  const rows: string[] = [];
  let start: object | undefined = {};
  while (start !== undefined) {
    const page: Awaited<ReturnType<typeof server.ok<'b2_list_file_names'>>> = await server.ok('b2_list_file_names', {
      ...{ ...query, maxFileCount: 2 },
      ...start,
    });
    rows.push(...page.files.map(({ fileName }) => fileName));
    const { nextFileName: startFileName } = page;
    start = startFileName === null ? undefined : { startFileName };
  }
  return rows;
}
