import { createHash, createHmac } from 'node:crypto';
import { SecretString } from '@coffer/bytes';
import { canonicalRequest, createVerifier, signRequest } from '@coffer/sigv4';
import type { Contestant } from '../measure.ts';

export const signer = { accessKeyId: '0014a98f9d9e8d00000000001', region: 'us-west-004' };
const secretOf = () => SecretString.of('K001ExampleExampleExampleExampl');

/** A verification and its bare digests, each `count` times in a row. */
export function signedRequests(count: number): Readonly<Record<'verify' | 'bare', Contestant>> {
  const request = signedUpload();
  const verifier = createVerifier({
    regions: [signer.region],
    lookup: () => Promise.resolve({ version: '1', openSecret: secretOf }),
  });
  const signedHeaders = request.headers.map(([name]) => name.toLowerCase()).sort();
  const canonical = canonicalRequest(request, { signedHeaders, payloadHash: 'UNSIGNED-PAYLOAD' });
  const key = new Uint8Array(32);
  return {
    verify: async () => {
      for (let done = 0; done < count; done++) await verifier.verify(request);
      return count;
    },
    bare: () => {
      for (let done = 0; done < count; done++) {
        const digest = createHash('sha256').update(canonical, 'latin1').digest('hex');
        createHmac('sha256', key).update(digest).digest();
      }
      return count;
    },
  };
}

function signedUpload() {
  const request = {
    method: 'PUT',
    target: '/my-bucket/some/folder/a%20file%20of%20somebody.bin?x-id=PutObject',
    headers: [
      ['Host', 's3.us-west-004.backblazeb2.com'],
      ['User-Agent', 'aws-sdk-js/3 ua/2 os/linux lang/js md/nodejs'],
      ['Content-Type', 'application/octet-stream'],
      ['Content-Length', '4096'],
      ['X-Amz-Meta-Author', 'somebody'],
      ['Amz-Sdk-Request', 'attempt=1; max=3'],
    ] as const,
  };
  const { headers } = signRequest(request, { ...signer, secret: secretOf(), payload: { kind: 'unsigned' } });
  return { ...request, headers: [...request.headers, ...headers] };
}
