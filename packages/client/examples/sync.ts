import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretBytes } from '@coffer/bytes';
import { createClient, CustomerKeyRing, sseC } from '@coffer/client';
import { syncDown, syncUp } from '@coffer/client/node';

const { B2_APPLICATION_KEY_ID: keyId = '', B2_APPLICATION_KEY: key = '', B2_URL: url } = process.env;
const allowCustomerKeysOverHttp = url?.startsWith('http://127.0.0.1:');
const client = createClient({ keyId, key, url, allowCustomerKeysOverHttp });
const bucketName = `example-${crypto.randomUUID()}`;
const { bucketId } = await client.api.createBucket({ bucketName, bucketType: 'allPrivate' });

const source = await mkdtemp(join(tmpdir(), 'source-'));
await writeFile(join(source, 'note.txt'), 'Hello, world');
const encryption = sseC(SecretBytes.random(32), { id: 'backups' });
const options = { bucketId, prefix: 'backup/' };

// What would be done, and then doing it.
const planned = await syncUp(client, { ...options, directory: source, encryption, dryRun: true });
assert.deepEqual(planned, [{ kind: 'upload', name: 'note.txt', size: 12 }]);
await syncUp(client, { ...options, directory: source, encryption });

const target = await mkdtemp(join(tmpdir(), 'target-'));
await syncDown(client, { ...options, directory: target, encryption: new CustomerKeyRing([encryption]) });
assert.equal(await readFile(join(target, 'note.txt'), 'utf8'), 'Hello, world');

// Nothing has changed, so nothing is done.
assert.deepEqual(await syncUp(client, { ...options, directory: source, encryption }), []);
client.close();
for (const directory of [source, target]) await rm(directory, { recursive: true });
