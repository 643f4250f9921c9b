import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { B2DownloadStep, Step } from '../../model/step.ts';
import { rangedContent, rangedSize, triedRanges } from '../ranges.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { b2Modes, demands, keyHeaders, keySetting, threeB2Modes, type B2Mode } from './encryption.ts';
import { malformedKeys } from './malformed-keys.ts';

const content: Content = { size: 20_000, seed: 3 };
/** Clients recognise a missing key by this text. */
const keyIsMissing =
  'The object was stored using a form of Server Side Encryption. ' +
  'The correct parameters must be provided to retrieve the object.';

const byId: B2DownloadStep['from'] = { fileId: '{{up.json.fileId}}' };
const byName: B2DownloadStep['from'] = { file: 'f' };

function uploaded({ writing }: B2Mode, of: Content = content): Step {
  return { do: 'b2-upload', name: 'up', file: 'f', content: of, headers: writing };
}

const ways = threeB2Modes.flatMap((mode) =>
  [
    { id: 'by-name', from: byName, method: 'GET' },
    { id: 'by-id-head', from: byId, method: 'HEAD' },
    { id: 'by-name-head', from: byName, method: 'HEAD' },
  ].map(({ id, from, method }) =>
    b2Case({
      id: `b2/downloads/${mode.id}/${id}`,
      title: `${mode.title}, ${method} ${id.replace('-head', '').replace('-', ' ')}`,
      requirement: 'A download says in its headers how the file is encrypted, and never gives back a key.',
      source: sources.b2Download,
      ...demands(mode),
      steps: [
        uploaded(mode),
        {
          do: 'b2-download',
          from,
          method: method === 'HEAD' ? 'HEAD' : 'GET',
          headers: mode.reading,
          expect: {
            status: 200,
            headers: { ...mode.headers, 'content-length': '20000', 'x-bz-file-id': '{{up.json.fileId}}' },
            body: { content: method === 'HEAD' ? { text: '' } : content },
          },
        },
      ],
    }),
  ),
);

const ranges = threeB2Modes.flatMap((mode) =>
  triedRanges.map(({ id, header, from, to, about }) =>
    b2Case({
      id: `b2/downloads/${mode.id}/range-${id}`,
      title: `${about} of ${mode.title}`,
      requirement: 'A range means bytes of the plain content, wherever the server may have cut what it stores.',
      source: sources.b2Download,
      ...demands(mode),
      steps: [
        uploaded(mode, rangedContent),
        {
          do: 'b2-download',
          from: byId,
          headers: { ...mode.reading, Range: header },
          expect: {
            status: 206,
            headers: { ...mode.headers, 'content-range': `bytes ${from}-${to}/${rangedSize}` },
            body: { content: rangedContent, from, to },
          },
        },
      ],
    }),
  ),
);

const beyondTheEnd = threeB2Modes.map((mode) =>
  b2Case({
    id: `b2/downloads/${mode.id}/range-beyond-end`,
    title: `a range behind the end of ${mode.title}`,
    requirement: 'A range that begins behind the end is 416; the size that counts is that of the plain content.',
    source: sources.b2Download,
    ...demands(mode),
    steps: [
      uploaded(mode),
      {
        do: 'b2-download',
        from: byId,
        headers: { ...mode.reading, Range: 'bytes=20000-' },
        expect: { status: 416, code: 'range_not_satisfiable' },
      },
    ],
  }),
);

/** Who has no key learns nothing of the content, and who has it is not disturbed by those. */
function refusals(id: string, title: string, extra: Partial<B2DownloadStep>): readonly ConformanceCase[] {
  const again: Step = {
    do: 'b2-download',
    from: byId,
    headers: keyHeaders('A'),
    expect: { status: 200, body: { content } },
    why: 'the right key still opens the file',
  };
  const { headers = {}, ...others } = extra;
  const attempt = (sent: Readonly<Record<string, string>>): B2DownloadStep => ({
    do: 'b2-download',
    from: byId,
    ...others,
    headers: { ...headers, ...sent },
  });
  const isHead = extra.method === 'HEAD';
  return [
    b2Case({
      id: `b2/downloads/sse-c/${id}without-key`,
      title: `${title} without its key`,
      requirement: 'A file with SSE-C is not given out without its key.',
      source: sources.b2sdk,
      needs: ['sse-c'],
      steps: [
        uploaded(b2Modes.sseCA),
        {
          ...attempt({}),
          expect: { status: 400, ...(!isHead && { code: 'bad_request', json: { message: keyIsMissing } }) },
        },
        again,
      ],
    }),
    b2Case({
      id: `b2/downloads/sse-c/${id}wrong-key`,
      title: `${title} with another key`,
      requirement: 'A file with SSE-C is not given out for another key than its own.',
      source: sources.b2sdk,
      needs: ['sse-c'],
      steps: [
        uploaded(b2Modes.sseCA),
        { ...attempt(keyHeaders('B')), expect: { status: 403, ...(!isHead && { code: 'access_denied' }) } },
        again,
      ],
    }),
  ];
}

const malformed = malformedKeys.map(({ id, about, headers }) =>
  b2Case({
    id: `b2/downloads/malformed-key/${id}`,
    title: `a file with SSE-C, with its key ${about}`,
    requirement: 'A customer key comes with its algorithm and the MD5 of its 32 bytes, or the download is refused.',
    source: sources.b2Guide,
    needs: ['sse-c'],
    steps: [
      uploaded(b2Modes.sseCA),
      { do: 'b2-download', from: byId, headers, expect: { status: 400, code: 'bad_request' } },
    ],
  }),
);

const others = [
  b2Case({
    id: 'b2/downloads/sse-c/post-json',
    title: 'a file with SSE-C by POST, with its key in JSON',
    requirement: 'A POST of b2_download_file_by_id takes the customer key in serverSideEncryption.',
    source: sources.b2Guide,
    needs: ['sse-c'],
    steps: [
      uploaded(b2Modes.sseCA),
      {
        do: 'b2-download',
        from: { json: { fileId: '{{up.json.fileId}}', serverSideEncryption: keySetting('A') } },
        expect: { status: 200, headers: b2Modes.sseCA.headers, body: { content } },
      },
      {
        do: 'b2-download',
        from: { json: { fileId: '{{up.json.fileId}}', serverSideEncryption: keySetting('B') } },
        expect: { status: 403, code: 'access_denied' },
      },
    ],
  }),
  b2Case({
    id: 'b2/downloads/sse-b2/algorithm-sent',
    title: 'a file with SSE-B2, with the header that asks for SSE-B2',
    requirement: 'A download may say that the file has SSE-B2, as b2sdk does.',
    source: sources.b2sdk,
    needs: ['sse-b2'],
    steps: [
      uploaded(b2Modes.sseB2),
      {
        do: 'b2-download',
        from: byId,
        headers: b2Modes.sseB2.writing,
        expect: { status: 200, headers: b2Modes.sseB2.headers, body: { content } },
      },
    ],
  }),
  b2Case({
    id: 'b2/downloads/sse-c/own-key-of-each-version',
    title: 'two versions of one name with two keys',
    requirement: 'Each version is opened by the key that it was written with, and by no other.',
    source: sources.b2Guide,
    needs: ['sse-c', 'versions'],
    steps: [
      uploaded(b2Modes.sseCA),
      { do: 'b2-upload', name: 'newer', file: 'f', content: { text: 'newer' }, headers: keyHeaders('B') },
      { do: 'b2-download', from: byId, headers: keyHeaders('A'), expect: { status: 200, body: { content } } },
      { do: 'b2-download', from: byId, headers: keyHeaders('B'), expect: { status: 403 } },
      {
        do: 'b2-download',
        from: byName,
        headers: keyHeaders('B'),
        expect: { status: 200, body: { content: { text: 'newer' } } },
      },
    ],
  }),
  b2Case({
    id: 'b2/downloads/sse-c/missing-file',
    title: 'a file that there is not, with a customer key',
    requirement: 'A file that there is not is not found, whether or not a key is sent.',
    source: sources.b2Download,
    needs: ['sse-c'],
    steps: [
      {
        do: 'b2-download',
        from: byName,
        headers: keyHeaders('A'),
        expect: { status: 404, code: 'not_found' },
      },
    ],
  }),
];

export const b2Downloads: readonly ConformanceCase[] = [
  ...ways,
  ...ranges,
  ...beyondTheEnd,
  ...refusals('', 'a file with SSE-C', {}),
  ...refusals('by-name-', 'a file with SSE-C by name', { from: byName }),
  ...refusals('head-', 'HEAD of a file with SSE-C', { method: 'HEAD' }).filter(({ id }) => id.endsWith('wrong-key')),
  ...refusals('range-', 'a range of a file with SSE-C', { headers: { Range: 'bytes=0-9' } }),
  ...malformed,
  ...others,
];
