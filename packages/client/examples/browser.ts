import assert from 'node:assert/strict';
import { createClient } from '@coffer/client';

// Nothing here needs Node. Instead of a server, a `fetch` of one's own answers, as in a test of a page.
const requests: string[] = [];
const service = (url: string, { body, headers }: RequestInit): Promise<Response> => {
  const operation = new URL(url).pathname.split('/').at(-1) ?? '';
  requests.push(operation);
  return Promise.resolve(answer(operation, body as Blob, new Headers(headers)));
};

function answer(operation: string, body: Blob, headers: Headers): Response {
  if (operation === 'b2_authorize_account') return Response.json(authorization);
  if (operation === 'b2_get_upload_url') return Response.json(upload);
  const sha1 = headers.get('X-Bz-Content-Sha1');
  return Response.json({ ...stored, contentLength: body.size, contentSha1: sha1, contentType: 'text/plain' });
}

const origin = 'https://files.example';
const accountId = 'd2e6b27577ea';
const bucketId = '8d625eb63be2775577c70e1a';
const allowed = { buckets: [{ id: bucketId, name: 'my-bucket' }], capabilities: ['writeFiles'], namePrefix: null };
const urls = { apiUrl: origin, downloadUrl: origin, s3ApiUrl: origin };
const authorization = {
  ...{ accountId, authorizationToken: 'a token', applicationKeyExpirationTimestamp: null },
  apiInfo: {
    storageApi: { ...urls, allowed, absoluteMinimumPartSize: 5_000_000, recommendedPartSize: 100_000_000 },
  },
};
const upload = { bucketId, uploadUrl: `${origin}/upload`, authorizationToken: 'another token' };
const stored = {
  ...{ accountId, bucketId, action: 'upload', fileName: 'note.txt', fileInfo: {}, contentMd5: null },
  ...{ fileId: `4_z${bucketId}_f1000ec353a2184825_d20260409_m004829_c000_v0001016_t0028`, uploadTimestamp: 1 },
  ...{ serverSideEncryption: { algorithm: null, mode: null } },
  fileRetention: { isClientAuthorizedToRead: false, value: null },
  legalHold: { isClientAuthorizedToRead: false, value: null },
};

// A file that somebody chose: its SHA-1 is computed in JavaScript here, and goes with it.
const client = createClient({ keyId: '0014a98f9d9e8d00000000001', key: 'an example key', fetch: service });
const { buckets } = (await client.account()).allowed;
const [bucket] = buckets ?? [];
assert(bucket !== undefined);
const file = await client.upload({ bucketId: bucket.id, fileName: 'note.txt', data: new Blob(['Hello, world']) });
assert.equal(file.contentSha1, 'e02aa1b106d5c7c6a98def2b13005d5b84fd8dc8');
assert.equal(requests.join(), 'b2_authorize_account,b2_get_upload_url,upload');
