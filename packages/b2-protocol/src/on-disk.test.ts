import { SecretString } from '@coffer/bytes';
import { createKeyring } from '@coffer/keyring';
import { fixedClock, seededRandom } from '@coffer/storage-testkit';
import { openLocalStore } from '@coffer/store-local';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerKey, sseB2Headers } from './test-support/customer-keys.ts';
import { TestServer } from './test-support/test-server.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-b2-protocol-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function everythingIn(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
}

describe('over the local store', () => {
  it('reads back what it stored, after a restart, and leaves nothing of data and keys in clear on the disk', async () => {
    const root = { kind: 'value', value: SecretString.of('5a'.repeat(32)) } as const;
    const keyring = await createKeyring(join(directory, 'keyring'), root);
    const data = join(directory, 'data');
    const one = customerKey(1);
    const files = { small: 'a very secret text', large: 'a very secret text, again and again. '.repeat(10_000) };
    const start = async () => {
      const store = await openLocalStore({ directory: data });
      const clock = fixedClock(1_700_000_000_000);
      const server = await TestServer.open({ ...store, keys: keyring, clock, random: seededRandom(Math.random()) });
      return { store, server };
    };

    const first = await start();
    const bucketId = await first.server.createBucket('my-bucket');
    for (const [name, content] of Object.entries(files)) {
      await first.server.upload(bucketId, `b2-${name}`, content, { headers: sseB2Headers });
      await first.server.upload(bucketId, `c-${name}`, content, { headers: one.headers });
    }
    await first.store.close();

    const second = await start();
    for (const [name, content] of Object.entries(files)) {
      for (const [path, headers] of [
        [`b2-${name}`, {}],
        [`c-${name}`, one.headers],
      ] as const) {
        const answer = await second.server.download(`/file/my-bucket/${path}`, { headers });
        expect(new TextDecoder().decode(answer.bytes)).toBe(content);
      }
    }
    await second.store.close();
    keyring.close();

    const stored = await everythingIn(directory);
    expect(stored.includes('my-bucket')).toBe(true);
    const key = Buffer.alloc(32, 1);
    for (const secret of ['very secret', key, one.md5, Buffer.from(one.md5, 'base64'), ...one.secrets]) {
      expect(stored.includes(secret)).toBe(false);
    }
  });
});
