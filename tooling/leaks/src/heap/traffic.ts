import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import type { Secret } from '../search/secret.ts';
import { Client } from './client.ts';

/** Files of each kind. */
const rounds = 20;

/** Sends requests of every kind that brings a key, good ones and refused ones. What they were about is returned. */
export async function sendTraffic(origin: string, keyId: string, key: string): Promise<readonly Secret[]> {
  const client = await Client.authorize(origin, keyId, key);
  const bucketId = await makeBucket(client);
  const secrets: Secret[] = [{ origin: 'the master key', bytes: Buffer.from(key) }];
  for (let round = 0; round < rounds; round++) {
    const customerKey = randomBytes(32);
    secrets.push({ origin: `customer key ${round}`, bytes: customerKey });
    await readAndCopy(client, bucketId, round, customerKey);
    await assembleLargeFile(client, bucketId, round, customerKey);
    await beRefused(client, bucketId, customerKey);
    secrets.push({ origin: `application key ${round}`, bytes: Buffer.from(await useOwnKey(client, origin, bucketId)) });
  }
  return secrets;
}

async function makeBucket(client: Client): Promise<string> {
  const fields = { accountId: client.accountId, bucketName: 'memory-bucket', bucketType: 'allPrivate' };
  const defaultServerSideEncryption = { mode: 'SSE-B2', algorithm: 'AES256' };
  return String((await client.api('b2_create_bucket', { ...fields, defaultServerSideEncryption }))['bucketId']);
}

/** Smaller and larger than what is kept in the metadata. */
async function readAndCopy(client: Client, bucketId: string, round: number, key: Uint8Array): Promise<void> {
  for (const size of [500, 150_000]) {
    const data = randomBytes(size);
    await client.upload(bucketId, `server-${round}-${size}`, data);
    const fileId = await client.upload(bucketId, `customer-${round}-${size}`, data, headersOf(key));
    for (const name of [`server-${round}-${size}`, `customer-${round}-${size}`]) {
      const { bytes } = await client.download(
        `/file/memory-bucket/${name}`,
        name.startsWith('c') ? headersOf(key) : {},
      );
      assert.ok(bytes.equals(data));
    }
    await client.api('b2_copy_file', {
      sourceFileId: fileId,
      fileName: `copy-${round}-${size}`,
      sourceServerSideEncryption: jsonOf(key),
      destinationServerSideEncryption: jsonOf(key),
    });
  }
}

async function assembleLargeFile(client: Client, bucketId: string, round: number, key: Uint8Array): Promise<void> {
  const { fileId } = await client.api('b2_start_large_file', {
    bucketId,
    fileName: `large-${round}`,
    contentType: 'b2/x-auto',
    serverSideEncryption: jsonOf(key),
  });
  const id = String(fileId);
  const partSha1Array = [
    await client.uploadPart(id, 1, randomBytes(50_000), headersOf(key)),
    await client.uploadPart(id, 2, randomBytes(5_000), headersOf(key)),
  ];
  await client.api('b2_finish_large_file', { fileId, partSha1Array });
}

/** Requests that carry the key and fail at different places. */
async function beRefused(client: Client, bucketId: string, key: Uint8Array): Promise<void> {
  const { status } = await client.download('/file/memory-bucket/server-0-500', headersOf(key));
  assert.equal(status, 400);
  const encrypted = { serverSideEncryption: jsonOf(key) };
  const start = { bucketId, contentType: 'b2/x-auto', ...encrypted };
  for (const fields of [start, { ...start, fileName: '' }, { ...start, fileName: 'a', unknown: 1 }])
    assert.equal((await client.tryApi('b2_start_large_file', fields)).status, 400);
  await assert.rejects(
    client.upload(bucketId, 'refused', randomBytes(10), { ...headersOf(key), 'X-Bz-Content-Sha1': 'none' }),
  );
}

/** A new application key that authorises itself. Its secret is returned. */
async function useOwnKey(client: Client, origin: string, bucketId: string): Promise<string> {
  const { accountId } = client;
  const fields = { accountId, keyName: 'own', capabilities: ['writeFiles'], bucketIds: [bucketId] };
  const made = await client.api('b2_create_key', fields);
  const secret = String(made['applicationKey']);
  await (
    await Client.authorize(origin, String(made['applicationKeyId']), secret)
  ).upload(bucketId, 'own', randomBytes(9));
  return secret;
}

function headersOf(key: Uint8Array): Record<string, string> {
  const name = 'X-Bz-Server-Side-Encryption-Customer';
  const { customerKey, customerKeyMd5 } = jsonOf(key);
  return { [`${name}-Algorithm`]: 'AES256', [`${name}-Key`]: customerKey, [`${name}-Key-Md5`]: customerKeyMd5 };
}

function jsonOf(key: Uint8Array) {
  return {
    mode: 'SSE-C',
    algorithm: 'AES256',
    customerKey: Buffer.from(key).toString('base64'),
    customerKeyMd5: createHash('md5').update(key).digest('base64'),
  };
}
