import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import { absent } from '../../model/expectation.ts';
import type { Json, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { b2Modes, demands, keySetting, threeB2Modes, type B2Mode } from './encryption.ts';
import { malformedKeys } from './malformed-keys.ts';

const content: Content = { size: 40_000, seed: 5 };

function uploaded({ writing }: B2Mode): Step {
  return { do: 'b2-upload', name: 'up', file: 'source', content, headers: writing };
}

/** The fields of a copy between two modes; only customer keys are said of a source. */
function copying(source: B2Mode, target: B2Mode): { readonly [name: string]: Json } {
  return {
    sourceFileId: '{{up.json.fileId}}',
    fileName: '{{dir}}/copy',
    ...(source.needs.includes('sse-c') &&
      source.setting !== undefined && { sourceServerSideEncryption: source.setting }),
    ...(target.setting !== undefined && { destinationServerSideEncryption: target.setting }),
  };
}

const matrix = threeB2Modes.flatMap((source) =>
  Object.values(b2Modes).map((target): ConformanceCase => {
    const { needs, ...profiles } = demands(source, target);
    return b2Case({
      id: `b2/copies/${source.id}-to-${target.id}`,
      title: `${source.title}, copied to ${target.title}`,
      requirement: 'A copy has the encryption that the call asks for, never that of its source.',
      source: sources.b2Copy,
      ...profiles,
      needs: ['copies', ...needs],
      steps: [
        uploaded(source),
        {
          do: 'b2-call',
          name: 'copy',
          operation: 'b2_copy_file',
          body: copying(source, target),
          expect: { status: 200, json: { ...target.json, contentLength: 40_000 } },
        },
        {
          do: 'b2-download',
          from: { fileId: '{{copy.json.fileId}}' },
          headers: target.reading,
          expect: { status: 200, headers: target.headers, body: { content } },
        },
        {
          do: 'b2-download',
          from: { fileId: '{{up.json.fileId}}' },
          headers: source.reading,
          expect: { status: 200, headers: source.headers, body: { content } },
          why: 'the source is as it was',
        },
      ],
    });
  }),
);

const nothingCopied: Step = {
  do: 'b2-call',
  operation: 'b2_list_file_versions',
  body: { bucketId: '{{bucket.id}}', prefix: '{{dir}}/copy' },
  expect: { json: { 'files.0.fileId': absent } },
  why: 'a refused copy leaves nothing behind',
};

function refusedCopy(
  id: string,
  about: string,
  fields: { readonly [name: string]: Json },
  expect: NonNullable<Step['expect']>,
  source = sources.b2Copy,
): ConformanceCase {
  return b2Case({
    id: `b2/copies/sse-c/${id}`,
    title: `a copy of a file with SSE-C ${about}`,
    requirement: 'A file with SSE-C is copied only with its key, which is sent as on uploads.',
    source,
    needs: ['copies', 'sse-c'],
    steps: [
      uploaded(b2Modes.sseCA),
      {
        do: 'b2-call',
        operation: 'b2_copy_file',
        body: { sourceFileId: '{{up.json.fileId}}', fileName: '{{dir}}/copy', ...fields },
        expect,
      },
      nothingCopied,
    ],
  });
}

const refusals = [
  refusedCopy('without-source-key', 'without its key', {}, { status: 400, code: 'bad_request' }, sources.b2sdk),
  refusedCopy(
    'wrong-source-key',
    'with another key',
    { sourceServerSideEncryption: keySetting('B') },
    // b2sdk takes 403 for a wrong key; Backblaze's own simulator for TypeScript answers 400.
    { status: [403, 400] },
    sources.b2sdk,
  ),
  refusedCopy(
    'unknown-field',
    'with serverSideEncryption, which belongs to other operations',
    { serverSideEncryption: keySetting('A'), sourceServerSideEncryption: keySetting('A') },
    { status: 400, code: 'bad_request' },
    sources.b2sdk,
  ),
  ...malformedKeys.flatMap(({ id, about, setting }) => [
    refusedCopy(`source-${id}`, `and a key ${about}`, { sourceServerSideEncryption: setting }, { status: [400, 403] }),
    refusedCopy(
      `destination-${id}`,
      `to a key ${about}`,
      { sourceServerSideEncryption: keySetting('A'), destinationServerSideEncryption: setting },
      { status: [400, 403] },
    ),
  ]),
];

const ranged = threeB2Modes.map((mode) => {
  const { needs, ...profiles } = demands(mode, b2Modes.sseB2);
  return b2Case({
    id: `b2/copies/range-of-${mode.id}`,
    title: `a range of ${mode.title}, copied to SSE-B2`,
    requirement: 'The range of a copy means bytes of the plain content.',
    source: sources.b2Copy,
    ...profiles,
    needs: ['copies', ...needs],
    steps: [
      uploaded(mode),
      {
        do: 'b2-call',
        name: 'copy',
        operation: 'b2_copy_file',
        body: { ...copying(mode, b2Modes.sseB2), range: 'bytes=16383-32768' },
        expect: { status: 200, json: { contentLength: 16_386 } },
      },
      {
        do: 'b2-download',
        from: { fileId: '{{copy.json.fileId}}' },
        expect: { status: 200, body: { content, from: 16_383, to: 32_768 } },
      },
    ],
  });
});

const rotation = b2Case({
  id: 'b2/copies/sse-c/rotation',
  title: 'a file copied onto itself with a new key',
  requirement: 'A customer key is changed by a copy onto the same name; the older version keeps its key.',
  source: sources.b2Guide,
  needs: ['copies', 'sse-c', 'versions'],
  steps: [
    uploaded(b2Modes.sseCA),
    {
      do: 'b2-call',
      operation: 'b2_copy_file',
      body: { ...copying(b2Modes.sseCA, b2Modes.sseCB), fileName: '{{dir}}/source' },
      expect: { status: 200 },
    },
    {
      do: 'b2-download',
      from: { file: 'source' },
      headers: b2Modes.sseCB.reading,
      expect: { status: 200, headers: b2Modes.sseCB.headers, body: { content } },
    },
    { do: 'b2-download', from: { file: 'source' }, headers: b2Modes.sseCA.reading, expect: { status: 403 } },
    {
      do: 'b2-download',
      from: { fileId: '{{up.json.fileId}}' },
      headers: b2Modes.sseCA.reading,
      expect: { status: 200, body: { content } },
    },
  ],
});

export const b2Copies: readonly ConformanceCase[] = [...matrix, ...refusals, ...ranged, rotation];
