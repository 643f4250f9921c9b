import { streamOf } from '@coffer/bytes';
import { snapshotInfo } from '@coffer/storage-core';
import type { SnapshotRecord } from '@coffer/storage-ports';
import { describe, expect, it } from 'vitest';
import { TestUpload } from './test-support/multipart.ts';
import { TestServer } from './test-support/test-server.ts';

const snapshotId = '1'.repeat(32);
const part = 'a'.repeat(20);

/** A snapshot that is being made, and the unfinished large file that its worker has begun. */
async function beginSnapshot({ storage, accountId }: TestServer): Promise<{ fileId: string }> {
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
  return { fileId };
}

async function begun() {
  const server = await TestServer.inMemory();
  const { fileId } = await beginSnapshot(server);
  const path = `/b2-snapshots-${server.accountId}/one/all.zip`;
  return { server, fileId, upload: new TestUpload(server, path, fileId) };
}

describe('the unfinished multipart upload of a snapshot', () => {
  it('takes no part of a client, and no client completes it', async () => {
    const { server, fileId, upload } = await begun();
    await server.createBucket('bucket');
    await server.ok({ method: 'PUT', target: '/bucket/source', body: 'b'.repeat(20) });
    const { parts } = await server.storage.largeFiles.listParts({ fileId, limit: 10 });
    const first = { partNumber: 1, etag: `"${parts[0]!.entityTag}"` };
    for (const request of [
      upload.partRequest(2, 'c'.repeat(20)),
      upload.copyRequest(3, '/bucket/source'),
      upload.completeRequest([first]),
    ])
      await server.refused(request, { code: 'AccessDenied', message: /can be cancelled, but not written/ });
    expect((await server.storage.largeFiles.listParts({ fileId, limit: 10 })).parts).toEqual(parts);
  });

  it('is aborted, and the snapshot cancelled with it', async () => {
    const { server, upload } = await begun();
    await server.ok({ method: 'DELETE', target: upload.target });
    const snapshot = await server.storage.snapshots.get(server.accountId, snapshotId);
    expect(snapshot).toMatchObject({ state: 'cancelled', failure: null });
  });
});
