import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { B2PartStep, Json, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { b2Modes, demands, keyHeaders, keySetting, threeB2Modes, type B2Mode } from './encryption.ts';

/** One byte more than the smallest part, so that the border of the parts is on none of a server's own borders. */
const first: Content = { size: { minimumPart: 1 }, seed: 21 };
const second: Content = { size: 40_003, seed: 22 };
const whole: Content = { concat: [first, second] };

function started({ setting }: B2Mode, fields: { readonly [name: string]: Json } = {}): Step {
  return {
    do: 'b2-call',
    name: 'large',
    operation: 'b2_start_large_file',
    body: {
      bucketId: '{{bucket.id}}',
      fileName: '{{dir}}/large',
      contentType: 'application/octet-stream',
      ...(setting !== undefined && { serverSideEncryption: setting }),
      ...fields,
    },
  };
}

function part(number: number, content: Content, { partHeaders }: B2Mode): B2PartStep {
  return {
    do: 'b2-part',
    name: `part${number}`,
    fileId: '{{large.json.fileId}}',
    number,
    content,
    headers: partHeaders,
  };
}

const finish: Step = {
  do: 'b2-call',
  operation: 'b2_finish_large_file',
  body: {
    fileId: '{{large.json.fileId}}',
    partSha1Array: ['{{part1.json.contentSha1}}', '{{part2.json.contentSha1}}'],
  },
  why: 'finishing needs no key',
};

function parts(mode: B2Mode): readonly Step[] {
  return [part(1, first, mode), part(2, second, mode)];
}

const wholeFiles = threeB2Modes.map((mode) => {
  const { needs, ...profiles } = demands(mode);
  const from = { fileId: '{{large.json.fileId}}' };
  return b2Case({
    id: `b2/large-files/${mode.id}/whole`,
    title: `${mode.title}, of two parts`,
    requirement: 'A large file has the encryption that it was started with, in every answer, and is read back whole.',
    source: sources.b2Start,
    ...profiles,
    needs: ['large-files', ...needs],
    steps: [
      { ...started(mode), expect: { status: 200, json: mode.json } },
      ...parts(mode).map((step): Step => ({ ...step, expect: { status: 200, json: mode.json } })),
      { ...finish, expect: { status: 200, json: mode.json } },
      {
        do: 'b2-download',
        from,
        headers: mode.reading,
        expect: { status: 200, headers: mode.headers, body: { content: whole } },
      },
    ],
  });
});

const partRanges = [
  { id: 'over-border', about: 'around the border of the parts', from: -5, to: 6 },
  { id: 'last-of-first', about: 'at the end of the first part', from: 0, to: 0 },
  { id: 'first-of-second', about: 'at the begin of the second part', from: 1, to: 1 },
  { id: 'inside-second', about: 'around 16 KiB of the second part', from: 16_380, to: 16_390 },
] as const;

const ranges = threeB2Modes.map((mode) => {
  const { needs, ...profiles } = demands(mode);
  return b2Case({
    id: `b2/large-files/${mode.id}/ranges`,
    title: `ranges around the border of the parts of ${mode.title}`,
    requirement: 'A range means bytes of the plain content, whichever parts they are in.',
    source: sources.b2Download,
    ...profiles,
    needs: ['large-files', ...needs],
    steps: [
      started(mode),
      ...parts(mode),
      finish,
      ...partRanges.map(({ about, from, to }): Step => ({
        do: 'b2-download',
        from: { fileId: '{{large.json.fileId}}' },
        headers: { ...mode.reading, Range: `bytes={{minimumPart${signed(from)}}}-{{minimumPart${signed(to)}}}` },
        expect: { status: 206, body: { content: whole, from: { minimumPart: from }, to: { minimumPart: to } } },
        why: about,
      })),
    ],
  });
});

function signed(number: number): string {
  return number < 0 ? String(number) : `+${number}`;
}

const listed = threeB2Modes.map((mode) => {
  const { needs, ...profiles } = demands(mode);
  return b2Case({
    id: `b2/large-files/${mode.id}/unfinished`,
    title: `an unfinished large file, ${mode.title}, is listed and cancelled`,
    requirement: 'Listing and cancelling unfinished large files needs no key, and shows their encryption.',
    source: sources.b2Guide,
    ...profiles,
    needs: ['large-files', ...needs],
    steps: [
      started(mode),
      part(1, second, mode),
      {
        do: 'b2-call',
        operation: 'b2_list_unfinished_large_files',
        body: { bucketId: '{{bucket.id}}', namePrefix: '{{dir}}/' },
        expect: {
          json: {
            'files.0.fileId': '{{large.json.fileId}}',
            ...Object.fromEntries(Object.entries(mode.json).map(([path, value]) => [`files.0.${path}`, value])),
          },
        },
      },
      {
        do: 'b2-call',
        operation: 'b2_list_parts',
        body: { fileId: '{{large.json.fileId}}' },
        expect: { json: { 'parts.0.partNumber': 1, 'parts.0.contentLength': 40_003 } },
      },
      { do: 'b2-call', operation: 'b2_cancel_large_file', body: { fileId: '{{large.json.fileId}}' } },
    ],
  });
});

const partRefusals = [
  { id: 'part-without-key', about: 'without the key', headers: {}, status: [400] },
  // Only simulators say which of the two it is.
  { id: 'part-with-other-key', about: 'with another key', headers: keyHeaders('B'), status: [400, 403] },
].map(({ id, about, headers, status }) =>
  b2Case({
    id: `b2/large-files/sse-c/${id}`,
    title: `a part of a large file with SSE-C ${about}`,
    requirement: 'Each part of a large file with SSE-C comes with the key that the file was started with.',
    source: sources.b2Part,
    needs: ['large-files', 'sse-c'],
    steps: [
      started(b2Modes.sseCA),
      { ...part(1, second, b2Modes.sseCA), headers, expect: { status } },
      {
        do: 'b2-call',
        operation: 'b2_list_parts',
        body: { fileId: '{{large.json.fileId}}' },
        expect: { json: { parts: '[]' } },
        why: 'a refused part is not stored',
      },
    ],
  }),
);

const reading = [
  { id: 'without-key', headers: {}, expect: { status: 400, code: 'bad_request' } },
  { id: 'wrong-key', headers: keyHeaders('B'), expect: { status: 403, code: 'access_denied' } },
].map(({ id, headers, expect }) =>
  b2Case({
    id: `b2/large-files/sse-c/read-${id}`,
    title: `a large file with SSE-C, read ${id.replace('-', ' ')}`,
    requirement: 'A large file with SSE-C is given out only for the key that it was started with.',
    source: sources.b2Guide,
    needs: ['large-files', 'sse-c'],
    steps: [
      started(b2Modes.sseCA),
      ...parts(b2Modes.sseCA),
      finish,
      { do: 'b2-download', from: { fileId: '{{large.json.fileId}}' }, headers, expect },
      {
        do: 'b2-download',
        from: { fileId: '{{large.json.fileId}}' },
        headers: { ...headers, Range: 'bytes={{minimumPart+2}}-{{minimumPart+9}}' },
        expect,
        why: 'the second part is as closed as the first',
      },
    ],
  }),
);

const copiedParts = threeB2Modes.flatMap((source) =>
  [b2Modes.none, b2Modes.sseB2, b2Modes.sseCB].map((target) => {
    const { needs, ...profiles } = demands(source, target);
    const isKept = source.needs.includes('sse-c') && source.setting !== undefined;
    return b2Case({
      id: `b2/large-files/copied-part/${source.id}-to-${target.id}`,
      title: `a part copied from ${source.title} into ${target.title}`,
      requirement: 'A copied part is read with the key of its source and has the encryption of its large file.',
      source: sources.b2CopyPart,
      ...profiles,
      needs: ['large-files', 'copies', ...needs],
      steps: [
        { do: 'b2-upload', name: 'up', file: 'source', content: second, headers: source.writing },
        started(target),
        part(1, first, target),
        {
          do: 'b2-call',
          name: 'part2',
          operation: 'b2_copy_part',
          body: {
            sourceFileId: '{{up.json.fileId}}',
            largeFileId: '{{large.json.fileId}}',
            partNumber: 2,
            ...(isKept && { sourceServerSideEncryption: source.setting }),
            ...(target === b2Modes.sseCB && { destinationServerSideEncryption: keySetting('B') }),
          },
          expect: { status: 200, json: { contentLength: 40_003 } },
        },
        finish,
        {
          do: 'b2-download',
          from: { fileId: '{{large.json.fileId}}' },
          headers: target.reading,
          expect: { status: 200, headers: target.headers, body: { content: whole } },
        },
      ],
    });
  }),
);

const others = [
  b2Case({
    id: 'b2/large-files/sse-c/echo',
    title: 'the answer to the start of a large file with SSE-C',
    requirement: 'The answer to a start that carried a key says mode, algorithm and MD5 of the key, and no more.',
    source: sources.b2sdk,
    needs: ['large-files', 'sse-c'],
    steps: [
      {
        ...started(b2Modes.sseCA),
        expect: { json: { ...b2Modes.sseCA.json, 'serverSideEncryption.customerKeyMd5': '{{key.A.md5}}' } },
      },
    ],
  }),
  b2Case({
    id: 'b2/large-files/sse-c/part-sent-again',
    title: 'a part of a large file with SSE-C that is sent again',
    requirement: 'A part that is sent again replaces the one before.',
    source: sources.b2Part,
    needs: ['large-files', 'sse-c'],
    steps: [
      started(b2Modes.sseCA),
      part(1, { size: { minimumPart: 1 }, seed: 99 }, b2Modes.sseCA),
      ...parts(b2Modes.sseCA),
      finish,
      {
        do: 'b2-download',
        from: { fileId: '{{large.json.fileId}}' },
        headers: keyHeaders('A'),
        expect: { status: 200, body: { content: whole } },
      },
    ],
  }),
  b2Case({
    id: 'b2/large-files/sse-c/copied-part-without-source-key',
    title: 'a part copied from a file with SSE-C without its key',
    requirement: 'A part of a file with SSE-C is copied only with its key.',
    source: sources.b2CopyPart,
    needs: ['large-files', 'copies', 'sse-b2', 'sse-c'],
    steps: [
      { do: 'b2-upload', name: 'up', file: 'source', content: second, headers: keyHeaders('A') },
      started(b2Modes.sseB2),
      {
        do: 'b2-call',
        operation: 'b2_copy_part',
        body: { sourceFileId: '{{up.json.fileId}}', largeFileId: '{{large.json.fileId}}', partNumber: 1 },
        expect: { status: 400, code: 'bad_request' },
      },
    ],
  }),
];

export const b2LargeFiles: readonly ConformanceCase[] = [
  ...wholeFiles,
  ...ranges,
  ...listed,
  ...partRefusals,
  ...reading,
  ...copiedParts,
  ...others,
];
