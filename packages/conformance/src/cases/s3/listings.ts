import type { ConformanceCase } from '../../model/case.ts';
import type { Value } from '../../model/expectation.ts';
import { absent } from '../../model/expectation.ts';
import type { Headers, S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { keyHeaders } from './encryption.ts';
import { s3Case } from './s3-case.ts';

function put(key: string, size: number): S3Step {
  return { do: 's3', method: 'PUT', key, content: { size, seed: 109 }, headers: keyHeaders('A') };
}

function list(query: Headers, xml: Readonly<Record<string, Value>>, name?: string): Step {
  return {
    do: 's3',
    method: 'GET',
    query: { 'list-type': '2', prefix: '{{dir}}/', ...query },
    expect: { status: 200, xml },
    ...(name !== undefined && { name }),
  };
}

const three: readonly Step[] = [put('a', 11), put('b', 16_385), put('c/d', 33)];

type Fields = Pick<ConformanceCase, 'title' | 'requirement' | 'steps'> & Partial<ConformanceCase>;

/** Of objects with SSE-C: that they are listed at all, and with which sizes, is what encryption can spoil. */
function listCase(id: string, fields: Fields): ConformanceCase {
  return s3Case({ source: sources.s3List, ...fields, id: `s3/listings/${id}`, needs: ['sse-c'] });
}

export const s3Listings: readonly ConformanceCase[] = [
  listCase('pages', {
    title: 'objects with SSE-C, listed page by page',
    requirement: 'A listing goes on where its page before ended, and shows the sizes of the plain contents.',
    steps: [
      ...three,
      list(
        { 'max-keys': '2' },
        {
          KeyCount: '2',
          IsTruncated: 'true',
          'Contents.Key': '{{dir}}/a',
          'Contents.Size': '11',
          NextContinuationToken: { shape: '.+' },
        },
        'page',
      ),
      list(
        { 'max-keys': '2', 'continuation-token': '{{page.xml.NextContinuationToken}}' },
        {
          KeyCount: '1',
          IsTruncated: 'false',
          'Contents.Key': '{{dir}}/c/d',
          'Contents.Size': '33',
          NextContinuationToken: absent,
        },
      ),
    ],
  }),
  listCase('start-after', {
    title: 'objects with SSE-C, listed behind a key',
    requirement: 'A listing begins behind the key that it is told.',
    steps: [
      ...three,
      list(
        { 'start-after': '{{dir}}/a' },
        { KeyCount: '2', 'Contents.Key': '{{dir}}/b', 'Contents.Size': '16385', IsTruncated: 'false' },
      ),
    ],
  }),
  listCase('delimiter', {
    title: 'objects with SSE-C, listed like a folder',
    requirement: 'Keys that have the delimiter behind the prefix are rolled up.',
    steps: [
      ...three,
      list({ delimiter: '/' }, { KeyCount: '3', 'CommonPrefixes.Prefix': '{{dir}}/c/', 'Contents.Key': '{{dir}}/a' }),
    ],
  }),
  listCase('no-keys', {
    title: 'objects with SSE-C, of which none is to be listed',
    requirement: 'A listing of no keys is empty, and not cut off.',
    steps: [...three, list({ 'max-keys': '0' }, { KeyCount: '0', IsTruncated: 'false', 'Contents.Key': absent })],
  }),
  listCase('encoded', {
    title: 'an object with SSE-C whose key has marks, listed in the encoding of URLs',
    requirement: 'With encoding-type=url, keys are percent-encoded.',
    steps: [
      put('a b+c&d', 11),
      list(
        { 'encoding-type': 'url' },
        { EncodingType: 'url', 'Contents.Key': { shape: '.*a(?:%20|\\+)b%2Bc%26d' }, 'Contents.Size': '11' },
      ),
    ],
  }),
  listCase('bad-count', {
    title: 'a listing whose number of keys is none',
    requirement: 'The number of keys of a page is a number, or the listing is refused.',
    source: sources.cephListTests,
    steps: [
      {
        do: 's3',
        method: 'GET',
        query: { 'list-type': '2', 'max-keys': 'many' },
        expect: { status: 400, code: 'InvalidArgument' },
      },
    ],
  }),
];
