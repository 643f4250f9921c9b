import assert from 'node:assert/strict';
import { SecretString } from '@coffer/bytes';
import { presignRequest, signRequest } from '@coffer/sigv4';

const host = 's3.us-west-004.backblazeb2.com';
const signer = {
  accessKeyId: '0014a98f9d9e8d00000000001',
  secret: SecretString.of('K001ExampleExampleExampleExampl'),
  region: 'us-west-004',
};

// A link to a file for an hour. The browser sends `Host` by itself; it has to be signed.
const link = presignRequest(
  { method: 'GET', target: '/my-bucket/a%20file.txt', headers: [['Host', host]] },
  { ...signer, expiresIn: 3600, now: Date.UTC(2026, 0, 2, 3, 4, 5) },
);
const url = new URL(`https://${host}${link}`);
assert.equal(url.searchParams.get('X-Amz-Date'), '20260102T030405Z');
assert.equal(url.searchParams.get('X-Amz-Signature')?.length, 64);

// The headers of a request that is sent at once, for `fetch`.
const { headers } = signRequest(
  { method: 'GET', target: '/my-bucket?list-type=2', headers: [['Host', host]] },
  { ...signer, payload: { kind: 'unsigned' } },
);
assert.equal(headers.map(([name]) => name).join(), 'x-amz-date,x-amz-content-sha256,authorization');
