import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import {
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  type GetObjectCommandInput,
  type HeadObjectCommandOutput,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { Encryption } from '../encryption.ts';
import { region, type S3World } from './s3-scenario.ts';

/** Parameters of the SDK that give a customer key; without one, none. */
export interface CustomerKeyParameters {
  readonly SSECustomerAlgorithm?: string;
  /** Base64. */
  readonly SSECustomerKey?: string;
  readonly SSECustomerKeyMD5?: string;
}

/** Parameters of the SDK that ask for an encryption. */
export interface EncryptionParameters extends CustomerKeyParameters {
  readonly ServerSideEncryption?: 'AES256';
}

/** The AWS SDK for JavaScript with the world's key. Buckets are in the path, as the certificate is for one name. */
export function jsSdk({ endpoint: { url, caFile }, credentials }: S3World, settings: S3ClientConfig = {}): S3Client {
  const { keyId: accessKeyId, key: secretAccessKey } = credentials;
  return new S3Client({
    endpoint: url,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
    ...(caFile !== undefined && { requestHandler: { httpsAgent: new Agent({ ca: readFileSync(caFile) }) } }),
    ...settings,
  });
}

/** For what reads, and for parts: SSE-S3 needs nothing. */
export function customerKey({ key }: Encryption): CustomerKeyParameters {
  if (key === undefined) return {};
  return {
    SSECustomerAlgorithm: 'AES256',
    SSECustomerKey: key.toString('base64'),
    SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
  };
}

/** For the source of a copy. */
export function sourceKey(encryption: Encryption): object {
  const parameters = Object.entries(customerKey(encryption));
  return Object.fromEntries(parameters.map(([name, value]) => [`CopySource${name}`, value as string]));
}

/** For what makes an object. */
export function encryptedAs(encryption: Encryption): EncryptionParameters {
  return encryption.mode === 'SSE-B2' ? { ServerSideEncryption: 'AES256' } : customerKey(encryption);
}

/** Fails unless an answer says that its object is encrypted so. */
export function expectShownAs(answer: object, { mode, key }: Encryption): void {
  const { ServerSideEncryption, SSECustomerAlgorithm, SSECustomerKeyMD5 } = answer as EncryptionParameters;
  expect({ ServerSideEncryption, SSECustomerAlgorithm, SSECustomerKeyMD5 }).toEqual({
    ServerSideEncryption: mode === 'SSE-B2' ? 'AES256' : undefined,
    SSECustomerAlgorithm: mode === 'SSE-C' ? 'AES256' : undefined,
    SSECustomerKeyMD5: key && createHash('md5').update(key).digest('base64'),
  });
}

/** An object, or one version of it. */
export interface Place {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

/** What the server says of an object, its checksum included. */
export async function head(client: S3Client, place: Place, encryption: Encryption): Promise<HeadObjectCommandOutput> {
  return client.send(new HeadObjectCommand({ ...place, ...customerKey(encryption), ChecksumMode: 'ENABLED' }));
}

/** An object's bytes, whose checksum the SDK has compared where the server has sent one. */
export async function read(
  client: S3Client,
  input: Omit<GetObjectCommandInput, keyof CustomerKeyParameters>,
  encryption: Encryption,
): Promise<Uint8Array> {
  const get = new GetObjectCommand({ ChecksumMode: 'ENABLED', ...input, ...customerKey(encryption) });
  const { Body } = await client.send(get);
  if (Body === undefined) throw new Error('the answer has no body');
  return Body.transformToByteArray();
}

/** Digits, as an ETag has them. */
export function md5(content: Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}
