import assert from 'node:assert/strict';
import { SecretBytes } from '@coffer/bytes';
import { createClient, CustomerKeyRing, sseC } from '@coffer/client';

const { B2_APPLICATION_KEY_ID: keyId = '', B2_APPLICATION_KEY: key = '', B2_URL: url } = process.env;
const allowCustomerKeysOverHttp = url?.startsWith('http://127.0.0.1:');
const client = createClient({ keyId, key, url, allowCustomerKeysOverHttp });
const bucketName = `example-${crypto.randomUUID()}`;
const { bucketId } = await client.api.createBucket({ bucketName, bucketType: 'allPrivate' });

const lastYears = sseC(SecretBytes.random(32), { id: '2025' });
const thisYears = sseC(SecretBytes.random(32), { id: '2026' });
const data = new TextEncoder().encode('Hello, world');
await client.upload({ bucketId, fileName: 'letters/1.txt', data, encryption: lastYears });

// From one customer key to another. The files' bytes stay on the server.
const prefix = 'letters/';
const done = await client.reencrypt({ bucketId, prefix, from: lastYears, to: thisYears, deleteOld: true });
assert.deepEqual([done.copied, done.bytes, done.deleted], [1, 12, 1]);

const again = await client.reencrypt({ bucketId, prefix, from: lastYears, to: thisYears, deleteOld: true });
assert.equal(again.copied, 0);
const keys = new CustomerKeyRing([thisYears]);
const { stream } = await client.download({ bucketName, fileName: 'letters/1.txt', encryption: keys });
assert.equal(await new Response(stream).text(), 'Hello, world');
client.close();
