import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { Headers, S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { keyHeaders, needsOf, s3Modes, sourceKeyHeaders, threeS3Modes, wrongKey, type S3Mode } from './encryption.ts';
import { malformedKeys } from './malformed-keys.ts';
import { s3Case } from './s3-case.ts';

const content: Content = { size: 40_000, seed: 41 };
const copySource = { 'x-amz-copy-source': '/{{bucket}}/{{dir}}/source' };

function put({ writing }: S3Mode): S3Step {
  return { do: 's3', method: 'PUT', key: 'source', content, headers: writing };
}

function copy(headers: Headers, key = 'copy'): S3Step {
  return { do: 's3', name: 'copied', method: 'PUT', key, headers: { ...copySource, ...headers } };
}

function reads(key: string, { reading, headers }: S3Mode): Step {
  return { do: 's3', method: 'GET', key, headers: reading, expect: { status: 200, headers, body: { content } } };
}

const matrix = threeS3Modes.flatMap((source) =>
  Object.values(s3Modes).map((target) =>
    s3Case({
      id: `s3/copies/${source.id}-to-${target.id}`,
      title: `${source.title}, copied to ${target.title}`,
      requirement: 'A copy has the encryption that the request asks for, never the customer key of its source.',
      source: sources.s3Copy,
      needs: ['copies', ...needsOf(source, target)],
      steps: [
        put(source),
        { ...copy({ ...source.asSource, ...target.writing }), expect: { status: 200, headers: target.headers } },
        reads('copy', target),
        reads('source', source),
      ],
    }),
  ),
);

const nothingCopied: Step = { do: 's3', method: 'HEAD', key: 'copy', expect: { status: 404 } };

function refusedCopy(id: string, about: string, headers: Headers, expect: NonNullable<Step['expect']>) {
  return s3Case({
    id: `s3/copies/sse-c/${id}`,
    title: `a copy of an object with SSE-C ${about}`,
    requirement: 'An object with SSE-C is copied only with its key, which is sent as on uploads.',
    source: sources.s3Copy,
    needs: ['copies', 'sse-c'],
    steps: [put(s3Modes.sseCA), { ...copy(headers), expect }, nothingCopied],
  });
}

/** The headers of the customer key of a source, from those of another customer key. */
function ofSource(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replace('x-amz-', 'x-amz-copy-source-'), value]),
  );
}

const refusals = [
  refusedCopy('without-source-key', 'without its key', {}, { status: 400 }),
  refusedCopy('wrong-source-key', 'with another key', sourceKeyHeaders('B'), wrongKey),
  refusedCopy('key-of-target-only', 'with its key as that of the target', keyHeaders('A'), { status: 400 }),
  ...malformedKeys.flatMap(({ id, about, headers, codes }) => [
    refusedCopy(`source-${id}`, `and a key ${about}`, ofSource(headers), wrongKey),
    refusedCopy(
      `target-${id}`,
      `to a key ${about}`,
      { ...sourceKeyHeaders('A'), ...headers },
      { status: 400, code: codes },
    ),
  ]),
];

const notApplicable = [s3Modes.none, s3Modes.sseS3].map((mode) =>
  s3Case({
    id: `s3/copies/${mode.id}/key-not-applicable`,
    title: `${mode.title}, copied with a customer key for it`,
    requirement: 'A customer key for a source that has none is refused.',
    source: sources.mint,
    needs: ['copies', 'sse-c', ...needsOf(mode)],
    steps: [put(mode), { ...copy(sourceKeyHeaders('A')), expect: { status: 400 } }, nothingCopied],
  }),
);

const ontoItself = [
  { id: 'rotation', from: s3Modes.sseCA, to: s3Modes.sseCB, about: 'with a new customer key' },
  { id: 'encrypted-in-place', from: s3Modes.none, to: s3Modes.sseCA, about: 'to encrypt it with a customer key' },
].map(({ id, from, to, about }) =>
  s3Case({
    id: `s3/copies/itself/${id}`,
    title: `an object copied onto itself ${about}`,
    requirement: 'A change of encryption is a change: an object may be copied onto itself for it.',
    source: sources.s3Copy,
    needs: ['copies', ...needsOf(from, to)],
    steps: [
      put(from),
      { ...copy({ ...from.asSource, ...to.writing }, 'source'), expect: { status: 200, headers: to.headers } },
      reads('source', to),
    ],
  }),
);

export const s3Copies: readonly ConformanceCase[] = [...matrix, ...refusals, ...notApplicable, ...ontoItself];
