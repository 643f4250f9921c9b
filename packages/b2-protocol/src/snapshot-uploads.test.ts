import { streamOf } from '@coffer/bytes';
import { snapshotInfo } from '@coffer/storage-core';
import type { SnapshotRecord } from '@coffer/storage-ports';
import { describe, expect, it } from 'vitest';
import { sha1, TestServer } from './test-support/test-server.ts';

const snapshotId = '1'.repeat(32);
const part = 'a'.repeat(20);

/** A snapshot that is being made, and the unfinished large file that its worker has begun. */
async function beginSnapshot({ storage, accountId }: TestServer): Promise<{ fileId: string; bucketId: string }> {
  const name = `b2-snapshots-${accountId}`;
  const { bucketId } = await storage.buckets.create({ accountId, name, type: 'snapshot', settings: {} });
  const none = { files: 0, bytes: 0, names: [] };
  const record: SnapshotRecord = {
    ...{ snapshotId, accountId, bucketId: 'f'.repeat(24), bucketName: 'one', fileName: 'one/all.zip' },
    ...{ selected: { files: 0, folders: 1 }, state: 'running', createdAt: 1, startedAt: 1, endedAt: null },
    ...{ listing: { rows: 0, next: null }, total: none, done: none, encrypted: none, absent: none, deleted: none },
    ...{ renamed: none, upload: null, size: null, failure: null },
  };
  await storage.snapshots.add(record, [{ kind: 'folder', prefix: '' }], { active: 1, ended: 1 });
  const { fileId } = await storage.largeFiles.start({
    ...{ bucketId, name: 'one/all.zip', contentType: 'application/zip', isSnapshot: true },
    fileInfo: { [snapshotInfo]: snapshotId },
  });
  for (const partNumber of [1, 2]) {
    const content = {
      body: { stream: streamOf(Buffer.from(part)), length: part.length },
      sha1: { kind: 'computed' },
    } as const;
    await storage.largeFiles.uploadPart({ fileId, partNumber, isSnapshot: true }, content);
  }
  return { fileId, bucketId };
}

describe('the unfinished large file of a snapshot', () => {
  it('takes no part of a client, and no client finishes it', async () => {
    const server = await TestServer.inMemory();
    const { fileId, bucketId } = await beginSnapshot(server);
    const source = await server.upload(bucketId, 'source', 'b'.repeat(20));
    const refused = { status: 403, code: 'access_denied', message: /can be cancelled, but not written/ } as const;
    const url = await server.ok('b2_get_upload_part_url', { fileId });
    const partNumber = { 'X-Bz-Part-Number': '2' };
    await server.refused(() => server.uploadTo(url, 'c'.repeat(20), partNumber), refused);
    const copy = { sourceFileId: source.json.fileId, largeFileId: fileId, partNumber: 3 };
    await server.refused(() => server.call('b2_copy_part', copy), refused);
    const partSha1Array = [sha1(part), sha1(part)];
    await server.refused(() => server.call('b2_finish_large_file', { fileId, partSha1Array }), refused);
    const { parts } = await server.ok('b2_list_parts', { fileId });
    expect(parts.map(({ contentSha1 }) => contentSha1)).toEqual(partSha1Array);
  });

  it('is cancelled, and the snapshot with it', async () => {
    const server = await TestServer.inMemory();
    const { fileId } = await beginSnapshot(server);
    await server.ok('b2_cancel_large_file', { fileId });
    const snapshot = await server.storage.snapshots.get(server.accountId, snapshotId);
    expect(snapshot).toMatchObject({ state: 'cancelled', failure: null });
  });

  it('leaves clients their own large files in the same bucket', async () => {
    const server = await TestServer.inMemory();
    const { bucketId } = await beginSnapshot(server);
    const fields = { bucketId, fileName: 'own', contentType: 'b2/x-auto', fileInfo: { [snapshotInfo]: snapshotId } };
    const { fileId } = await server.ok('b2_start_large_file', fields);
    for (const number of [1, 2]) expect((await server.uploadPart(fileId, number, part)).status).toBe(200);
    await server.ok('b2_finish_large_file', { fileId, partSha1Array: [sha1(part), sha1(part)] });
  });
});
