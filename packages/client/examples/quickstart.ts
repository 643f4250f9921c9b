import assert from 'node:assert/strict';
import { SecretBytes } from '@coffer/bytes';
import { ClientError, createClient, CustomerKeyRing, sseC } from '@coffer/client';

// The service of Backblaze, or another server of the B2 Native API at B2_URL.
const { B2_APPLICATION_KEY_ID: keyId = '', B2_APPLICATION_KEY: key = '', B2_URL: url } = process.env;
const client = createClient({
  keyId,
  key,
  url,
  // For a server without TLS on this machine. Otherwise a customer key that would go over plain HTTP is not sent.
  allowCustomerKeysOverHttp: url?.startsWith('http://127.0.0.1:'),
});

const bucketName = `example-${crypto.randomUUID()}`;
const { bucketId } = await client.api.createBucket({ bucketName, bucketType: 'allPrivate' });
await client.defaultEncryption.set(bucketId, 'SSE-B2');

// Encrypted under a key of one's own, whose id is written into the file's info. Large data goes up in parallel parts.
const encryption = sseC(SecretBytes.random(32), { id: 'my-key-2026' });
const data = new TextEncoder().encode('Hello, world');
const file = await client.upload({ bucketId, fileName: 'greetings/hello.txt', data, encryption });
assert.equal(file.serverSideEncryption.mode, 'SSE-C');

// The ring finds the key by the id. What is read is verified at its end.
const keys = new CustomerKeyRing([encryption]);
const download = await client.download({ fileId: file.fileId, encryption: keys });
assert.equal(download.verified, 'sha1');
assert.equal(await new Response(download.stream).text(), 'Hello, world');

// A copy under a key of the server: the default of the bucket.
const copied = await client.copy({ sourceFileId: file.fileId, fileName: 'copy.txt', sourceEncryption: keys });
assert.equal(copied.serverSideEncryption.mode, 'SSE-B2');

// All pages of a listing.
const names: string[] = [];
for await (const { fileName } of client.list.fileNames({ bucketId })) names.push(fileName);
assert.deepEqual(names, ['copy.txt', 'greetings/hello.txt']);

// Every operation has its method, and every error its code.
for await (const { fileId, fileName } of client.list.fileVersions({ bucketId })) {
  if (fileId !== null) await client.api.deleteFileVersion({ fileId, fileName });
}
await client.api.deleteBucket({ bucketId });
await assert.rejects(client.api.getFileInfo({ fileId: file.fileId }), (error) => ClientError.is(error, 'not_found'));
client.close();
keys.wipe();
