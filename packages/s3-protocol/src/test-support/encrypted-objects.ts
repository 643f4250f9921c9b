import { s3CopySourceSseHeaders, s3SseHeaders } from '@coffer/sse-schema';
import { createHash } from 'node:crypto';
import type { HeaderList } from '@coffer/http';
import { TestServer, type TestServerOptions } from './test-server.ts';

type Lines = Readonly<Record<string, string>>;

/** A customer key in base64, and its MD5. */
export interface PublishedKey {
  readonly key: string;
  readonly md5: string;
  readonly headers: Lines;
  /** Of the source of a copy. */
  readonly sourceHeaders: Lines;
}

function published(key: string, md5: string): PublishedKey {
  const named = (names: Readonly<Record<'algorithm' | 'key' | 'md5', string>>) => ({
    [names.algorithm]: 'AES256',
    [names.key]: key,
    [names.md5]: md5,
  });
  return { key, md5, headers: named(s3SseHeaders), sourceHeaders: named(s3CopySourceSseHeaders) };
}

/** Keys that the tests of other servers use (ceph/s3-tests, and the documentation of AWS). */
export const keyA = published('pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=', 'DWygnHRtgiJ77HCm+1rvHw==');
export const keyB = published('6b+WOZ1T3cqZMxgThRcXAQBrS5mXKdDUphvpxptl9/4=', 'arxBvwY2V4SiOne6yppVPQ==');

/** The encryptions of objects: the headers that ask for each, those that it is read with, and those that tell it. */
export const encryptions = {
  none: { ask: {}, read: {}, source: {}, told: {} },
  'SSE-S3': {
    ask: { [s3SseHeaders.encryption]: 'AES256' },
    read: {},
    source: {},
    told: { [s3SseHeaders.encryption]: 'AES256' },
  },
  'SSE-C': {
    ask: keyA.headers,
    read: keyA.headers,
    source: keyA.sourceHeaders,
    told: { [s3SseHeaders.algorithm]: 'AES256', [s3SseHeaders.md5]: keyA.md5 },
  },
} as const satisfies Readonly<Record<string, { ask: Lines; read: Lines; source: Lines; told: Lines }>>;

/** The name of one. */
export type EncryptionName = keyof typeof encryptions;
/** All of them. */
export const encryptionNames = Object.keys(encryptions) as EncryptionName[];

/** The headers of an answer that speak of encryption. */
export function told(headers: HeaderList): Lines {
  const all = Object.values<string>(s3SseHeaders).map((name) => name.toLowerCase());
  return Object.fromEntries(headers.pairs.filter(([name]) => all.includes(name.toLowerCase())));
}

export const md5Hex = (text: string | Uint8Array): string => createHash('md5').update(text).digest('hex');

/** The content of an object of {@link openEncrypted}. */
export const contentOf = (name: string): string => `data of ${name}`;

/** A server with a bucket, and in it an object of each encryption, under its name. */
export async function openEncrypted(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await TestServer.inMemory(options);
  server.secrets.push(keyA.key, keyB.key);
  await server.createBucket('bucket');
  for (const name of encryptionNames) {
    const { ask } = encryptions[name];
    await server.ok({ method: 'PUT', target: `/bucket/${name}`, body: contentOf(name), headers: ask });
  }
  return server;
}

/** Turns the default encryption of the bucket on. */
export async function encryptByDefault(server: TestServer): Promise<void> {
  const algorithm = '<SSEAlgorithm>AES256</SSEAlgorithm>';
  const apply = `<ApplyServerSideEncryptionByDefault>${algorithm}</ApplyServerSideEncryptionByDefault>`;
  const body = `<ServerSideEncryptionConfiguration><Rule>${apply}</Rule></ServerSideEncryptionConfiguration>`;
  await server.ok({ method: 'PUT', target: '/bucket?encryption', body });
}
