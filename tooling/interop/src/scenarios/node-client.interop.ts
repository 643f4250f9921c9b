import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type B2 from 'backblaze-b2';
import { describe, expect, test } from 'vitest';
import { customerKeyHeaders, nodeClient } from '../harness/node-client.ts';
import { scenarios } from '../harness/scenario.ts';
import { expectSameBytes } from '../harness/stored-files.ts';
import { sha1 } from '../harness/test-file.ts';

interface Stored {
  readonly fileId: string;
  readonly fileName: string;
}

const partSize = 300_000;
const pageSize = { startFileName: '', maxFileCount: 2, delimiter: '' };

scenarios("Node's backblaze-b2", (world) => {
  const connect = (): Promise<B2> => nodeClient(world().endpoint, world().server.credentials);

  describe.each(['none', 'sseC1'] as const)('with %s', (mode) => {
    test('a bucket is made, filled, listed, read, emptied and deleted', async () => {
      const client = await connect();
      const bucketName = `interop-${randomBytes(6).toString('hex')}`;
      const bucketId = await makeBucket(client, bucketName);
      const encryption = customerKeyHeaders(world().modes[mode]);
      for (const size of [0, 5000, 200_000]) {
        const file = world()[mode === 'none' ? 'file' : 'secretFile'](`node-${size}`, size);
        const fileName = `dir/ü ${size}`;
        await upload(client, bucketId, { fileName, data: file.content, info: { colour: 'red' }, ...encryption });
        const name = { bucketName, fileName, responseType: 'arraybuffer' as const, ...encryption };
        const answer = await client.downloadFileByName(name);
        expectSameBytes(answer.data as Buffer, file.content);
        expect(answer.headers).toMatchObject({ 'x-bz-info-colour': 'red', 'x-bz-content-sha1': sha1(file.content) });
      }
      const page = (await client.listFileNames({ bucketId, prefix: 'dir/', ...pageSize })).data as { files: Stored[] };
      expect(page.files.map(({ fileName }) => fileName)).toEqual(['dir/ü 0', 'dir/ü 200000']);
      await client.hideFile({ bucketId, fileName: 'dir/ü 0' });
      expect(await deleteAllVersions(client, bucketId)).toBe(4);
      await client.deleteBucket({ bucketId });
    });
  });

  test('a large file of three parts', async () => {
    const client = await connect();
    const bucketId = await makeBucket(client, `interop-${randomBytes(6).toString('hex')}`);
    const { content } = world().file('large', 2 * partSize + 10);
    const parts = [0, 1, 2].map((index) => content.subarray(index * partSize, (index + 1) * partSize));
    const { fileId } = (await client.startLargeFile({ bucketId, fileName: 'large' })).data as Stored;
    for (const [index, data] of parts.entries()) {
      const place = (await client.getUploadPartUrl({ fileId })).data as UploadPlace;
      await client.uploadPart({ ...target(place), partNumber: index + 1, data });
    }
    const listed = (await client.listParts({ fileId, startPartNumber: 1, maxPartCount: 100 })).data as {
      parts: { contentLength: number }[];
    };
    expect(listed.parts.map(({ contentLength }) => contentLength)).toEqual([partSize, partSize, 10]);
    await client.finishLargeFile({ fileId, partSha1Array: parts.map(sha1) });
    expectSameBytes((await client.downloadFileById({ fileId, responseType: 'arraybuffer' })).data as Buffer, content);
    expect(await deleteAllVersions(client, bucketId)).toBe(1);
  });

  test('the version under test is named', () => {
    const { version } = createRequire(import.meta.url)('backblaze-b2/package.json') as { version: string };
    console.log(`  backblaze-b2 is ${version}`);
    expect(version).toMatch(/^1\./);
  });
});

interface UploadPlace {
  readonly uploadUrl: string;
  readonly authorizationToken: string;
}

function target({ uploadUrl, authorizationToken }: UploadPlace): { uploadUrl: string; uploadAuthToken: string } {
  return { uploadUrl, uploadAuthToken: authorizationToken };
}

async function makeBucket(client: B2, bucketName: string): Promise<string> {
  const answer = await client.createBucket({ bucketName, bucketType: 'allPrivate' });
  return (answer.data as { bucketId: string }).bucketId;
}

type Upload = Omit<Parameters<B2['uploadFile']>[0], 'uploadUrl' | 'uploadAuthToken'>;

async function upload(client: B2, bucketId: string, file: Upload): Promise<void> {
  const place = (await client.getUploadUrl({ bucketId })).data as UploadPlace;
  await client.uploadFile({ ...file, ...target(place) });
}

/** How many there were. */
async function deleteAllVersions(client: B2, bucketId: string): Promise<number> {
  const first = { bucketId, startFileName: '', maxFileCount: 100 };
  // The declared type demands a file id to start with; the server wants none without a name.
  const answer = await client.listFileVersions(first as Parameters<B2['listFileVersions']>[0]);
  const { files } = answer.data as { files: Stored[] };
  for (const { fileId, fileName } of files) await client.deleteFileVersion({ fileId, fileName });
  return files.length;
}
