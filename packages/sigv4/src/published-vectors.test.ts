import { encodeHex } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { canonicalRequest } from './signature/canonical-request.ts';
import { deriveSigningKey } from './signature/signing-key.ts';
import { presignRequest } from './presign-request.ts';
import type { HeaderPair } from './request/header-lines.ts';
import { sha256Hex } from './sha256-hex.ts';
import { signRequest } from './sign-request.ts';
import type { Signer } from './signer.ts';
import { awsExample, b2Example } from '../test/aws-example.ts';
import { verifierFor } from '../test/verifying.ts';

interface Vector {
  readonly signer: Signer;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly HeaderPair[];
  readonly body?: string;
  /** SHA-256 of the canonical request. */
  readonly canonical?: string;
  readonly signature: string;
}

const awsHost: HeaderPair = ['Host', 'examplebucket.s3.amazonaws.com'];
const b2Host: HeaderPair = ['Host', 's3.us-west-004.backblazeb2.com'];
const customerKey: readonly HeaderPair[] = [
  ['x-amz-server-side-encryption-customer-algorithm', 'AES256'],
  ['x-amz-server-side-encryption-customer-key', 'pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs='],
  ['x-amz-server-side-encryption-customer-key-MD5', 'DWygnHRtgiJ77HCm+1rvHw=='],
];

const inHeader: Record<string, Vector> = {
  'AWS: a range of an object': {
    ...{ signer: awsExample, method: 'GET', target: '/test.txt', headers: [awsHost, ['Range', 'bytes=0-9']] },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  'AWS: a parameter without a value': {
    ...{ signer: awsExample, method: 'GET', target: '/?lifecycle', headers: [awsHost] },
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  'AWS: a listing': {
    ...{ signer: awsExample, method: 'GET', target: '/?max-keys=2&prefix=J', headers: [awsHost] },
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
  'AWS: an upload': {
    ...{ signer: awsExample, method: 'PUT', target: '/test%24file.text', body: 'Welcome to Amazon S3.' },
    headers: [awsHost, ['Date', 'Fri, 24 May 2013 00:00:00 GMT'], ['x-amz-storage-class', 'REDUCED_REDUNDANCY']],
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  'B2: a name with escapes': {
    ...{ signer: b2Example, method: 'GET', target: '/my-bucket/a%20b%2Bc/%C3%BC~%281%29.txt', headers: [b2Host] },
    canonical: '67777428e64fce9b4912863ff07871acc97918cb35b76c140d8e516664ba1de5',
    signature: '86b1811cd55536605e4ba0ec5111949cb2667e7268d9822a096b221f670ef553',
  },
  'B2: a listing in a virtual host': {
    ...{ signer: b2Example, method: 'GET' },
    target: '/?prefix=a%20b%2Bc%2F&list-type=2&encoding-type=url&delimiter=%2F',
    headers: [['Host', 'my-bucket.s3.us-west-004.backblazeb2.com']],
    canonical: '6458816c6db3d7ca02ace00093bed46c8298dfb6160b1992e2c4436bf663a4f9',
    signature: '5d2baa0632fa6925e5d8adb8015848caf6f266491dd50a5a2d83c2bc6797b3d0',
  },
  'B2: an upload with a customer key': {
    ...{ signer: b2Example, method: 'PUT', target: '/my-bucket/secret.bin', body: 'hello' },
    headers: [b2Host, ['Content-Type', 'text/plain'], ['x-amz-meta-foo', '   a   b '], ...customerKey],
    canonical: '0f3c75f5d98fa36c3cfe07bdf54d0773ab759046292ed8e73343d0fe26d32d91',
    signature: 'f1877cac2686729320610f01cf00233e543f4c011e8a3a45f6d72d3d1410a089',
  },
};

const inQuery: Record<string, Vector & { readonly expiresIn: number }> = {
  'AWS: a download': {
    ...{ signer: awsExample, method: 'GET', target: '/test.txt', headers: [awsHost], expiresIn: 86_400 },
    signature: 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  },
  'B2: a download with a customer key': {
    ...{ signer: b2Example, method: 'GET', target: '/my-bucket/secret.bin', expiresIn: 3600 },
    headers: [b2Host, ...customerKey],
    canonical: '4a242266f11d43ab19ea69f34e0c00ff163bdec9059ddf47e8909f3c2d7466f7',
    signature: 'a3c5f45bf923361c8686e45154bdd5f60414ab31f253c070e7d0840910d7dbc8',
  },
};

it('derives the signing key of the AWS example', () => {
  const key = deriveSigningKey(awsExample.secret, { date: '20130524', region: 'us-east-1' });
  expect(key.expose(encodeHex)).toBe('dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5ec6ba8378');
});

describe.each(Object.entries(inHeader))('%s', (_, vector) => {
  const sha256 = sha256Hex(vector.body ?? '');
  const signed = signRequest(vector, { ...vector.signer, payload: { kind: 'sha256', sha256 } });
  const headers = [...vector.headers, ...signed.headers];

  it('is signed as published', () => {
    expect(signed.signature).toBe(vector.signature);
  });

  if (vector.canonical !== undefined)
    it('has the published canonical request', () => {
      const names = headers.map(([name]) => name.toLowerCase()).filter((name) => name !== 'authorization');
      const parts = { signedHeaders: names.sort(), payloadHash: sha256 };
      expect(sha256Hex(canonicalRequest({ ...vector, headers }, parts))).toBe(vector.canonical);
    });

  it('is verified', async () => {
    const verified = await verifierFor(vector.signer).verify({ ...vector, headers });
    expect(verified).toMatchObject({ kind: 'header', accessKeyId: vector.signer.accessKeyId, payload: { sha256 } });
  });
});

describe.each(Object.entries(inQuery))('presigned, %s', (_, vector) => {
  const target = presignRequest(vector, { ...vector.signer, expiresIn: vector.expiresIn });

  it('is signed as published', () => {
    expect(target.slice(-64)).toBe(vector.signature);
  });

  if (vector.canonical !== undefined)
    it('has the published canonical request', () => {
      const signedHeaders = vector.headers.map(([name]) => name.toLowerCase()).sort();
      const canonical = canonicalRequest({ ...vector, target }, { signedHeaders, payloadHash: 'UNSIGNED-PAYLOAD' });
      expect(sha256Hex(canonical)).toBe(vector.canonical);
    });

  it('is verified', async () => {
    const verified = await verifierFor(vector.signer).verify({ ...vector, target });
    expect(verified).toMatchObject({ kind: 'presigned', payload: { kind: 'unsigned' } });
  });
});
