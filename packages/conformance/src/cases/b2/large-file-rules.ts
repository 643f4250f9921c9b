import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { B2PartStep, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { keyHeaders, keySetting } from './encryption.ts';

const first: Content = { size: { minimumPart: 0 }, seed: 81 };
const second: Content = { text: 'the last part may be short' };
const badRequest = { status: 400, code: 'bad_request' } as const;

const start: Step = {
  do: 'b2-call',
  name: 'large',
  operation: 'b2_start_large_file',
  body: {
    bucketId: '{{bucket.id}}',
    fileName: '{{dir}}/large',
    contentType: 'application/octet-stream',
    serverSideEncryption: keySetting('A'),
  },
};

function part(number: number, content: Content): B2PartStep {
  return {
    do: 'b2-part',
    name: `part${number}`,
    fileId: '{{large.json.fileId}}',
    number,
    content,
    headers: keyHeaders('A'),
  };
}

function finish(partSha1Array: readonly string[], expect?: Step['expect']): Step {
  return {
    do: 'b2-call',
    operation: 'b2_finish_large_file',
    body: { fileId: '{{large.json.fileId}}', partSha1Array },
    ...(expect !== undefined && { expect }),
  };
}

const [sha1, sha2, sha3] = [1, 2, 3].map((number) => `{{part${number}.json.contentSha1}}`) as [string, string, string];
const otherSha1 = '0123456789abcdef0123456789abcdef01234567';
const cancel: Step = { do: 'b2-call', operation: 'b2_cancel_large_file', body: { fileId: '{{large.json.fileId}}' } };
const stillUnfinished: Step = {
  do: 'b2-call',
  operation: 'b2_list_unfinished_large_files',
  body: { bucketId: '{{bucket.id}}', namePrefix: '{{dir}}/' },
  expect: { json: { 'files.0.fileId': '{{large.json.fileId}}' } },
  why: 'what could not be finished is still there',
};

type Fields = Pick<ConformanceCase, 'title' | 'requirement' | 'source' | 'steps'>;

function ruleCase(id: string, fields: Fields): ConformanceCase {
  return b2Case({ ...fields, id: `b2/large-files/rules/${id}`, needs: ['large-files', 'sse-c'] });
}

const refusedFinishes = [
  {
    id: 'finish-wrong-sha1',
    title: 'a large file with SSE-C, finished with the SHA-1 of another part',
    requirement: 'A large file is finished only with the SHA-1 of each of its parts.',
    parts: [part(1, first), part(2, second)],
    sha1s: [sha1, otherSha1],
    code: ['part_sha1_mismatch', 'bad_request'],
  },
  {
    id: 'finish-missing-part',
    title: 'a large file with SSE-C, finished with a part that was not uploaded',
    requirement: 'A large file is finished only with parts that were uploaded.',
    parts: [part(1, first), part(2, second)],
    sha1s: [sha1, sha2, otherSha1],
    code: ['missing_part', 'bad_request'],
  },
  {
    id: 'finish-with-gap',
    title: 'a large file with SSE-C, whose second part is missing',
    requirement: 'The numbers of parts begin with 1 and have no gap.',
    parts: [part(1, first), part(3, second)],
    sha1s: [sha1, sha3],
    code: ['missing_part', 'part_sha1_mismatch', 'bad_request'],
  },
  {
    id: 'finish-one-part',
    title: 'a large file with SSE-C of one part',
    requirement: 'A large file has at least two parts.',
    parts: [part(1, first)],
    sha1s: [sha1],
    code: ['bad_request'],
  },
  {
    id: 'finish-no-part',
    title: 'a large file with SSE-C of no part',
    requirement: 'A large file has at least two parts.',
    parts: [],
    sha1s: [],
    code: ['bad_request'],
  },
  {
    id: 'finish-short-part',
    title: 'a large file with SSE-C whose first part is too short',
    requirement: 'All parts but the last have at least the minimum size; the plain sizes count.',
    parts: [part(1, { size: { minimumPart: -1 }, seed: 82 }), part(2, second)],
    sha1s: [sha1, sha2],
    code: ['bad_request'],
  },
].map(({ id, title, requirement, parts, sha1s, code }) =>
  ruleCase(id, {
    title,
    requirement,
    source: sources.b2Finish,
    steps: [start, ...parts, finish(sha1s, { status: 400, code }), stillUnfinished],
  }),
);

const numbers = [0, 10_001].map((number) =>
  ruleCase(`part-number-${number}`, {
    title: `a part with the number ${number}`,
    requirement: 'The number of a part is 1 to 10,000.',
    source: sources.b2Part,
    steps: [start, { ...part(number, second), expect: badRequest }],
  }),
);

const others = [
  ruleCase('shortest-part', {
    title: 'a large file with SSE-C whose first part has exactly the minimum size',
    requirement: 'A part of exactly the minimum size is long enough, though it is longer when encrypted.',
    source: sources.b2Finish,
    steps: [
      start,
      part(1, first),
      part(2, second),
      finish([sha1, sha2], { status: 200, json: { contentLength: '{{minimumPart+26}}' } }),
      {
        do: 'b2-download',
        from: { fileId: '{{large.json.fileId}}' },
        headers: keyHeaders('A'),
        expect: { status: 200, body: { content: { concat: [first, second] } } },
      },
    ],
  }),
  ruleCase('finish-twice', {
    title: 'a large file with SSE-C that is finished again',
    requirement: 'What is finished is no unfinished large file any more.',
    source: sources.b2Finish,
    steps: [
      start,
      part(1, first),
      part(2, second),
      finish([sha1, sha2], { status: 200 }),
      finish([sha1, sha2], { status: 400, code: 'bad_request' }),
      { ...cancel, expect: { status: 400, code: 'bad_request' } },
      { ...part(3, second), expect: { status: 400 } },
    ],
  }),
  ruleCase('unfinished-is-no-file', {
    title: 'an unfinished large file with SSE-C, asked for',
    requirement: 'An unfinished large file is not listed by name, and cannot be downloaded.',
    source: sources.b2Start,
    steps: [
      start,
      part(1, second),
      {
        do: 'b2-call',
        operation: 'b2_list_file_names',
        body: { bucketId: '{{bucket.id}}', prefix: '{{dir}}/' },
        expect: { json: { files: '[]' } },
      },
      {
        do: 'b2-download',
        from: { fileId: '{{large.json.fileId}}' },
        headers: keyHeaders('A'),
        expect: { status: [400, 404] },
      },
      { do: 'b2-download', from: { file: 'large' }, headers: keyHeaders('A'), expect: { status: 404 } },
    ],
  }),
  ruleCase('cancelled', {
    title: 'a large file with SSE-C that is cancelled',
    requirement: 'Of a cancelled large file nothing is left, and nothing can be added to it.',
    source: sources.b2Cancel,
    steps: [
      start,
      {
        do: 'b2-call',
        name: 'place',
        operation: 'b2_get_upload_part_url',
        body: { fileId: '{{large.json.fileId}}' },
      },
      part(1, first),
      { ...cancel, expect: { status: 200, json: { fileId: '{{large.json.fileId}}', fileName: '{{dir}}/large' } } },
      {
        ...part(2, second),
        to: { url: '{{place.json.uploadUrl}}', token: '{{place.json.authorizationToken}}' },
        expect: { status: [400, 401] },
      },
      finish([sha1], { status: 400 }),
      { ...cancel, expect: { status: 400 } },
      {
        do: 'b2-call',
        operation: 'b2_list_file_versions',
        body: { bucketId: '{{bucket.id}}', prefix: '{{dir}}/' },
        expect: { json: { files: '[]' } },
      },
    ],
  }),
];

export const b2LargeFileRules: readonly ConformanceCase[] = [...refusedFinishes, ...numbers, ...others];
