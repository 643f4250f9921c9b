import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { S3Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { keyHeaders, needsOf, s3Modes, threeS3Modes, wrongKey, type S3Mode } from './encryption.ts';
import { s3Case } from './s3-case.ts';

const content: Content = { size: 20_000, seed: 105 };
const inHost = { do: 's3', key: 'k', virtualHost: true } as const;

function put({ writing }: S3Mode): S3Step {
  return { ...inHost, method: 'PUT', content, headers: writing };
}

const read = threeS3Modes.map((mode) =>
  s3Case({
    id: `s3/virtual-hosts/${mode.id}/read`,
    title: `${mode.title}, in a bucket that the host names`,
    requirement: 'A bucket may be named by the host instead of the path; it is the same bucket.',
    source: sources.s3Addressing,
    needs: ['virtual-host', ...needsOf(mode)],
    steps: [
      { ...put(mode), expect: { status: 200, headers: mode.headers } },
      {
        ...inHost,
        method: 'GET',
        headers: mode.reading,
        expect: { status: 200, headers: mode.headers, body: { content } },
      },
      {
        do: 's3',
        method: 'GET',
        key: 'k',
        headers: mode.reading,
        expect: { status: 200, headers: mode.headers, body: { content } },
        why: 'by its path it is the same object',
      },
      {
        do: 's3',
        method: 'GET',
        virtualHost: true,
        query: { 'list-type': '2', prefix: '{{dir}}/' },
        expect: { status: 200, xml: { 'Contents.Size': '20000', KeyCount: '1' } },
      },
    ],
  }),
);

const others = [
  s3Case({
    id: 's3/virtual-hosts/sse-c/closed',
    title: 'an object with SSE-C in a bucket that the host names, without its key and with another',
    requirement: 'However a bucket is named, an object with SSE-C is given out only for its key.',
    source: sources.s3SseC,
    needs: ['virtual-host', 'sse-c'],
    steps: [
      put(s3Modes.sseCA),
      { ...inHost, method: 'GET', expect: { status: 400 } },
      { ...inHost, method: 'GET', headers: keyHeaders('B'), expect: wrongKey },
    ],
  }),
  s3Case({
    id: 's3/virtual-hosts/sse-c/presigned',
    title: 'an object with SSE-C in a bucket that the host names, by a presigned request',
    requirement: 'A presigned request may name its bucket by the host.',
    source: sources.s3Presigned,
    needs: ['virtual-host', 'presigned', 'sse-c'],
    steps: [
      { ...put(s3Modes.sseCA), presigned: true, expect: { status: 200 } },
      {
        ...inHost,
        method: 'GET',
        presigned: true,
        headers: keyHeaders('A'),
        expect: { status: 200, body: { content } },
      },
    ],
  }),
  s3Case({
    id: 's3/virtual-hosts/host-is-signed',
    title: 'a request whose host is that of another bucket than it was signed for',
    requirement: 'The host is a part of what is signed.',
    source: sources.s3Signing,
    needs: ['virtual-host'],
    steps: [
      put(s3Modes.none),
      {
        do: 'raw',
        request: { ...inHost, method: 'GET' },
        without: ['host'],
        lines: ['Host: other-{{sent.host}}'],
        expect: { status: [403, 404], code: ['SignatureDoesNotMatch', 'NoSuchBucket'] },
      },
    ],
  }),
];

export const s3VirtualHosts: readonly ConformanceCase[] = [...read, ...others];
