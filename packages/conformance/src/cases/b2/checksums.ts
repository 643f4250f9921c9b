import type { ConformanceCase } from '../../model/case.ts';
import type { Headers, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { b2Modes, demands, threeB2Modes, type B2Mode } from './encryption.ts';

const text = '123456789';
const sha1 = 'f7c3bc1d808e04732adf679965ccc34ca7ae3441';
const otherSha1 = 'e7c3bc1d808e04732adf679965ccc34ca7ae3441';
const content = { text };

function uploaded({ writing }: B2Mode, headers: Headers, sent = text): Step {
  return { do: 'b2-upload', name: 'up', file: 'f', content: { text: sent }, headers: { ...writing, ...headers } };
}

function read({ reading }: B2Mode, shownSha1: string): Step {
  return {
    do: 'b2-download',
    from: { fileId: '{{up.json.fileId}}' },
    headers: reading,
    expect: {
      status: 200,
      headers: { 'content-length': '9', 'x-bz-content-sha1': shownSha1 },
      body: { content },
    },
  };
}

const nothingStored: Step = {
  do: 'b2-call',
  operation: 'b2_list_file_versions',
  body: { bucketId: '{{bucket.id}}', prefix: '{{dir}}/' },
  expect: { json: { files: '[]' } },
  why: 'a refused upload leaves nothing behind',
};

const refused: Step['expect'] = { status: 400, code: 'bad_request' };

const files = threeB2Modes.flatMap((mode) => [
  b2Case({
    id: `b2/checksums/${mode.id}/wrong`,
    title: `${mode.title} with the SHA-1 of another content`,
    requirement:
      'An upload whose content has another SHA-1 than it says is refused; the SHA-1 is of the plain content.',
    source: sources.b2Upload,
    ...demands(mode),
    steps: [{ ...uploaded(mode, { 'X-Bz-Content-Sha1': otherSha1 }), expect: refused }, nothingStored],
  }),
  b2Case({
    id: `b2/checksums/${mode.id}/at-end`,
    title: `${mode.title} with its SHA-1 behind the content`,
    requirement: 'With hex_digits_at_end, the last 40 bytes of the body are the SHA-1, and no part of the content.',
    source: sources.b2Upload,
    ...demands(mode),
    steps: [
      {
        ...uploaded(mode, { 'X-Bz-Content-Sha1': 'hex_digits_at_end' }, `${text}${sha1}`),
        expect: { status: 200, json: { contentSha1: sha1, contentLength: 9 } },
      },
      read(mode, sha1),
    ],
  }),
  b2Case({
    id: `b2/checksums/${mode.id}/at-end-wrong`,
    title: `${mode.title} with a wrong SHA-1 behind the content`,
    requirement: 'With hex_digits_at_end, the SHA-1 at the end is checked.',
    source: sources.b2Upload,
    ...demands(mode),
    steps: [
      {
        ...uploaded(mode, { 'X-Bz-Content-Sha1': 'hex_digits_at_end' }, `${text}${otherSha1}`),
        expect: refused,
      },
      nothingStored,
    ],
  }),
  b2Case({
    id: `b2/checksums/${mode.id}/not-verified`,
    title: `${mode.title} whose SHA-1 is not to be verified`,
    requirement: 'With do_not_verify, the SHA-1 is computed, and shown as unverified.',
    source: sources.b2Upload,
    ...demands(mode),
    steps: [
      {
        ...uploaded(mode, { 'X-Bz-Content-Sha1': 'do_not_verify' }),
        expect: { status: 200, json: { contentSha1: `unverified:${sha1}`, contentLength: 9 } },
      },
      read(mode, `unverified:${sha1}`),
    ],
  }),
]);

const others = [
  b2Case({
    id: 'b2/checksums/no-sha1',
    title: 'an upload whose SHA-1 is none',
    requirement: 'The SHA-1 of an upload is 40 digits, or one of the words that are documented.',
    source: sources.b2Upload,
    needs: ['sse-c'],
    steps: [{ ...uploaded(b2Modes.sseCA, { 'X-Bz-Content-Sha1': 'abc' }), expect: refused }, nothingStored],
  }),
];

const start: Step = {
  do: 'b2-call',
  name: 'large',
  operation: 'b2_start_large_file',
  body: {
    bucketId: '{{bucket.id}}',
    fileName: '{{dir}}/large',
    contentType: 'application/octet-stream',
    serverSideEncryption: b2Modes.sseCA.setting ?? null,
  },
};
const listedParts: Step = {
  do: 'b2-call',
  operation: 'b2_list_parts',
  body: { fileId: '{{large.json.fileId}}' },
};

const parts = [
  { id: 'wrong', header: otherSha1, sent: text, stored: undefined },
  { id: 'at-end', header: 'hex_digits_at_end', sent: `${text}${sha1}`, stored: sha1 },
  { id: 'at-end-wrong', header: 'hex_digits_at_end', sent: `${text}${otherSha1}`, stored: undefined },
  { id: 'not-verified', header: 'do_not_verify', sent: text, stored: `unverified:${sha1}` },
].map(({ id, header, sent, stored }) =>
  b2Case({
    id: `b2/checksums/part/${id}`,
    title: `a part of a large file with SSE-C, with the SHA-1 ${header}`,
    requirement: 'The SHA-1 of a part is treated like that of a file; a part that is refused is not stored.',
    source: sources.b2Part,
    needs: ['large-files', 'sse-c'],
    steps: [
      start,
      {
        do: 'b2-part',
        fileId: '{{large.json.fileId}}',
        number: 1,
        content: { text: sent },
        headers: { ...b2Modes.sseCA.partHeaders, 'X-Bz-Content-Sha1': header },
        expect: stored === undefined ? refused : { status: 200, json: { contentSha1: stored, contentLength: 9 } },
      },
      {
        ...listedParts,
        expect: { json: stored === undefined ? { parts: '[]' } : { 'parts.0.contentSha1': stored } },
      },
    ],
  }),
);

export const b2Checksums: readonly ConformanceCase[] = [...files, ...others, ...parts];
