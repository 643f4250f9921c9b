import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import { Client, type ClientOptions } from 'minio';
import type { Encryption } from '../encryption.ts';
import type { S3World } from './s3-scenario.ts';

/** The smallest that the client takes. */
export const minioPartSize = 5 * 1024 * 1024;

/** minio's client for Node with the world's key. It asks the server for the region of each bucket. */
export function minioClient(
  { endpoint: { url, caFile }, credentials }: S3World,
  options: Partial<ClientOptions> = {},
): Client {
  const { hostname, port } = new URL(url);
  return new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: caFile !== undefined,
    accessKey: credentials.keyId,
    secretKey: credentials.key,
    partSize: minioPartSize,
    ...(caFile !== undefined && { transportAgent: new Agent({ ca: readFileSync(caFile) }) }),
    ...options,
  });
}

/** What the client takes for reads with a customer key; nothing without one. */
export function readingWith({ key }: Encryption): object {
  if (key === undefined) return {};
  const SSECustomerKeyMD5 = createHash('md5').update(key).digest('base64');
  return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: key.toString('base64'), SSECustomerKeyMD5 };
}

/** Headers, which the client takes among the metadata: it has no setting for the encryption of what it writes. */
export function encryptionHeaders(encryption: Encryption): Record<string, string> {
  return encryption.mode === 'SSE-B2' ? { 'x-amz-server-side-encryption': 'AES256' } : keyHeaders('x-amz-', encryption);
}

/** Headers for the source of a copy. */
export function sourceKeyHeaders(encryption: Encryption): Record<string, string> {
  return keyHeaders('x-amz-copy-source-', encryption);
}

function keyHeaders(prefix: string, { key }: Encryption): Record<string, string> {
  if (key === undefined) return {};
  return {
    [`${prefix}server-side-encryption-customer-algorithm`]: 'AES256',
    [`${prefix}server-side-encryption-customer-key`]: key.toString('base64'),
    [`${prefix}server-side-encryption-customer-key-MD5`]: createHash('md5').update(key).digest('base64'),
  };
}

/** Everything in a stream of bytes. */
export async function bytesOf(stream: Readable): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Everything in a list, which the client gives as a stream of objects. */
export async function entriesOf<Entry>(stream: Readable): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of stream as AsyncIterable<Entry>) entries.push(entry);
  return entries;
}
