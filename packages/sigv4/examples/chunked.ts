import assert from 'node:assert/strict';
import { collect, SecretString, streamOf } from '@coffer/bytes';
import { awsChunkedLength, encodeAwsChunked, signRequest } from '@coffer/sigv4';

// An upload whose hash nobody knows before it is read: each chunk is signed as it goes out.
const data = new TextEncoder().encode('Hello, world');
const { headers, signatures } = signRequest(
  {
    method: 'PUT',
    target: '/my-bucket/hello.txt',
    headers: [
      ['Host', 's3.us-west-004.backblazeb2.com'],
      ['Content-Encoding', 'aws-chunked'],
      ['X-Amz-Decoded-Content-Length', String(data.length)],
    ],
  },
  {
    accessKeyId: '0014a98f9d9e8d00000000001',
    secret: SecretString.of('K001ExampleExampleExampleExampl'),
    region: 'us-west-004',
    payload: { kind: 'aws-chunked', signed: true, trailer: false },
  },
);
assert.equal(headers.length, 3);
const body = await collect(encodeAwsChunked(streamOf(data), { signatures }), 1000);
assert.equal(body.length, awsChunkedLength(data.length, { signed: true }));
assert(new TextDecoder().decode(body).startsWith('c;chunk-signature='));
