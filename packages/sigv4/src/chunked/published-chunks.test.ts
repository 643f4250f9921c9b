import { collect, streamOf } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import type { HeaderPair } from '../request/header-lines.ts';
import { openPayload } from '../open-payload.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { signRequest } from '../sign-request.ts';
import { awsExample } from '../../test/aws-example.ts';
import { verifierFor } from '../../test/verifying.ts';
import { awsChunkedLength, encodeAwsChunked } from './encode-aws-chunked.ts';

const data = new Uint8Array(66_560).fill(0x61);
const common: readonly HeaderPair[] = [
  ['Host', 's3.amazonaws.com'],
  ['Content-Encoding', 'aws-chunked'],
  ['x-amz-decoded-content-length', '66560'],
  ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
];
const checksum = 'x-amz-checksum-crc32c';

const vectors = [
  {
    name: 'signed chunks',
    trailers: undefined,
    headers: [...common, ['Content-Length', '66824']] as readonly HeaderPair[],
    seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    signatures: [
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ],
  },
  {
    name: 'signed chunks with a signed trailer',
    trailers: [[checksum, 'sOO8/Q==']] as readonly HeaderPair[],
    headers: [...common, ['x-amz-trailer', checksum]] as readonly HeaderPair[],
    seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    signatures: [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
      'd81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
    ],
  },
];

describe.each(vectors)('$name of the Amazon S3 API Reference', ({ trailers, headers, seed, signatures }) => {
  const request = { method: 'PUT', target: '/examplebucket/chunkObject.txt', headers };
  const payload = { kind: 'aws-chunked', signed: true, trailer: trailers !== undefined } as const;

  async function encoded() {
    const signed = signRequest(request, { ...awsExample, payload });
    const options = { signatures: signed.signatures, ...(trailers && { trailers: () => trailers }) };
    const body = await collect(encodeAwsChunked(streamOf(data), options), 100_000);
    return { signed, body };
  }

  it('are signed as published', async () => {
    const { signed, body } = await encoded();
    expect(signed.signature).toBe(seed);
    const text = new TextDecoder().decode(body);
    expect([...text.matchAll(/signature[=:]([0-9a-f]{64})\r\n/g)].map(([, one]) => one)).toEqual(signatures);
  });

  it('have the length that was foretold', async () => {
    const { body } = await encoded();
    const names = trailers?.map(([name]) => name);
    expect(awsChunkedLength(data.length, { signed: true, ...(names && { trailers: names }) })).toBe(body.length);
    if (trailers === undefined) expect(body.length).toBe(66_824);
  });

  it('are verified', async () => {
    const { signed, body } = await encoded();
    const verified = await verifierFor(awsExample).verify({ ...request, headers: [...headers, ...signed.headers] });
    if (verified.kind === 'anonymous') throw new TypeError('not signed');
    const opened = openPayload(verified, streamOf(body));
    expect(opened.length).toBe(data.length);
    expect(sha256Hex(await collect(opened.stream, data.length))).toBe(sha256Hex(data));
    expect(opened.trailers()).toEqual(trailers ?? []);
  });
});
