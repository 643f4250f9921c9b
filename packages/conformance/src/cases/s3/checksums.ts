import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { Headers, S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { needsOf, s3Modes, threeS3Modes, type S3Mode } from './encryption.ts';
import { s3Case } from './s3-case.ts';

/** The text of which the catalogues of CRCs give the checksums. */
export const checkText = '123456789';
const content: Content = { text: checkText };
const md5 = 'JfnnlDI7RTiF9RgfG2JNCw==';

/** The algorithms, with the checksum of the text and one that is not. */
export const checksums = [
  { algorithm: 'CRC32', value: 'y/Q5Jg==', other: 'y/Q5Jw==' },
  { algorithm: 'CRC32C', value: '4waSgw==', other: '4waShA==' },
  { algorithm: 'CRC64NVME', value: 'rosUhgp5mIg=', other: 'rosUhgp5mIk=' },
  { algorithm: 'SHA1', value: '98O8HYCOBHMq32eZZczDTKeuNEE=', other: '18O8HYCOBHMq32eZZczDTKeuNEE=' },
  {
    algorithm: 'SHA256',
    value: 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
    other: 'GeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=',
  },
].map((row) => ({ ...row, header: `x-amz-checksum-${row.algorithm.toLowerCase()}` }));

function put({ writing }: S3Mode, headers: Headers): S3Step {
  return { do: 's3', method: 'PUT', key: 'k', content, headers: { ...writing, ...headers } };
}

function read(method: 'GET' | 'HEAD', { reading }: S3Mode, header: string, value: string): Step {
  return {
    do: 's3',
    method,
    key: 'k',
    headers: { ...reading, 'x-amz-checksum-mode': 'ENABLED' },
    expect: {
      status: 200,
      headers: { [header]: value },
      body: { content: method === 'HEAD' ? { text: '' } : content },
    },
  };
}

function nothingStored({ reading }: S3Mode): Step {
  return {
    do: 's3',
    method: 'HEAD',
    key: 'k',
    headers: reading,
    expect: { status: 404 },
    why: 'a refused request leaves nothing behind',
  };
}

const right = threeS3Modes.flatMap((mode) =>
  checksums.map(({ algorithm, header, value }) =>
    s3Case({
      id: `s3/checksums/${mode.id}/${algorithm.toLowerCase()}`,
      title: `${mode.title} with its ${algorithm}`,
      requirement: 'A checksum that is sent is checked, kept, and given back; it is that of the plain content.',
      source: sources.s3Integrity,
      needs: ['checksums', ...needsOf(mode)],
      steps: [
        { ...put(mode, { [header]: value }), expect: { status: 200, headers: { [header]: value } } },
        read('GET', mode, header, value),
        read('HEAD', mode, header, value),
      ],
    }),
  ),
);

const wrong = checksums.map(({ algorithm, header, other }) =>
  s3Case({
    id: `s3/checksums/wrong/${algorithm.toLowerCase()}`,
    title: `an object with SSE-C, with the ${algorithm} of another content`,
    requirement: 'An object whose content has another checksum than it says is refused.',
    source: sources.s3Integrity,
    needs: ['checksums', 'sse-c'],
    steps: [
      {
        ...put(s3Modes.sseCA, { [header]: other }),
        expect: { status: 400, code: ['BadDigest', 'XAmzContentChecksumMismatch', 'InvalidDigest'] },
      },
      nothingStored(s3Modes.sseCA),
    ],
  }),
);

const md5s = threeS3Modes.flatMap((mode) => [
  s3Case({
    id: `s3/checksums/${mode.id}/content-md5-wrong`,
    title: `${mode.title} with the MD5 of another content`,
    requirement: 'Content-MD5 is that of the plain content; what has another is refused.',
    source: sources.s3Put,
    needs: needsOf(mode),
    steps: [
      {
        ...put(mode, { 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' }),
        expect: { status: 400, code: ['BadDigest', 'InvalidDigest'] },
      },
      nothingStored(mode),
    ],
  }),
  s3Case({
    id: `s3/checksums/${mode.id}/content-md5`,
    title: `${mode.title} with its MD5`,
    requirement: 'Content-MD5 is that of the plain content.',
    source: sources.s3Put,
    needs: needsOf(mode),
    steps: [{ ...put(mode, { 'Content-MD5': md5 }), expect: { status: 200 } }],
  }),
]);

const [crc32] = checksums;
const malformed = [
  {
    id: 'no-checksum',
    about: 'a CRC32 that is none',
    headers: { 'x-amz-checksum-crc32': 'none' },
    codes: ['InvalidRequest', 'InvalidArgument', 'BadDigest'],
  },
  {
    id: 'two-algorithms',
    about: 'two checksums',
    headers: Object.fromEntries(checksums.slice(0, 2).map(({ header, value }) => [header, value])),
    codes: ['InvalidRequest', 'InvalidArgument'],
  },
].map(({ id, about, headers, codes }) =>
  s3Case({
    id: `s3/checksums/malformed/${id}`,
    title: `an object with SSE-C and ${about}`,
    requirement: 'A request has one checksum at most, of the length of its algorithm, or it is refused.',
    source: sources.s3Integrity,
    needs: ['checksums', 'sse-c'],
    steps: [{ ...put(s3Modes.sseCA, headers), expect: { status: 400, code: codes } }, nothingStored(s3Modes.sseCA)],
  }),
);

const others = [
  s3Case({
    id: 's3/checksums/malformed/md5-not-base64',
    title: 'an object with a Content-MD5 that is no base64',
    requirement: 'A Content-MD5 that is none is refused.',
    source: sources.s3Put,
    needs: [],
    steps: [
      {
        ...put(s3Modes.none, { 'Content-MD5': '!!!!' }),
        expect: { status: 400, code: ['InvalidDigest', 'BadDigest'] },
      },
      nothingStored(s3Modes.none),
    ],
  }),
  s3Case({
    id: 's3/checksums/sse-c/only-with-key',
    title: 'the checksum of an object with SSE-C, asked for with another key',
    requirement: 'The checksum of an object with SSE-C is not given out for another key than its own.',
    source: sources.s3SseC,
    needs: ['checksums', 'sse-c'],
    steps: [
      put(s3Modes.sseCA, { 'x-amz-checksum-crc32': crc32?.value ?? '' }),
      {
        do: 's3',
        method: 'HEAD',
        key: 'k',
        headers: { ...s3Modes.sseCB.reading, 'x-amz-checksum-mode': 'ENABLED' },
        expect: { status: [403, 400], headers: { 'x-amz-checksum-crc32': { absent: true } } },
      },
    ],
  }),
];

export const s3Checksums: readonly ConformanceCase[] = [...right, ...wrong, ...md5s, ...malformed, ...others];
