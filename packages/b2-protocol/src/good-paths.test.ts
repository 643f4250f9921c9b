import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { SecretBytes } from '@coffer/bytes';
import { createMemoryBlobStore, createMemoryMetadataStore, fixedClock, seededRandom } from '@coffer/storage-testkit';
import { describe, expect, it } from 'vitest';
import { TestServer, type TestServerOptions } from './test-support/test-server.ts';

function open(options: TestServerOptions = {}): Promise<TestServer> {
  return TestServer.open(
    {
      metadata: createMemoryMetadataStore(),
      blobs: createMemoryBlobStore(),
      keys: new MemoryKeyProvider([{ id: 'gk_1', state: 'active', createdAt: 1, key: SecretBytes.random(32) }]),
      clock: fixedClock(1_700_000_000_000),
      random: seededRandom(1),
    },
    options,
  );
}
describe('smoke', () => {
  it('uploads and downloads', async () => {
    const server = await open();
    const bucketId = await server.createBucket('my-bucket');
    const up = await server.upload(bucketId, 'a/b.txt', 'hello');
    expect(up.json).toEqual({});
    const got = await server.download('/file/my-bucket/a/b.txt');
    expect(got).toEqual({});
  });
});
