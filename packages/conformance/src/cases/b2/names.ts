import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { Headers, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { keyHeaders } from './encryption.ts';

const content: Content = { text: 'what has a name' };
const nothingStored: Step = {
  do: 'b2-call',
  operation: 'b2_list_file_versions',
  body: { bucketId: '{{bucket.id}}', prefix: '{{dir}}/' },
  expect: { json: { files: '[]' } },
  why: 'a refused upload leaves nothing behind',
};

/** Of files with SSE-C, whose names and file info are not encrypted. */
function uploaded(file: string, headers: Headers = {}): Step {
  return { do: 'b2-upload', name: 'up', file, content, headers: { ...keyHeaders('A'), ...headers } };
}

const names = [
  ['spaces', 'a b  c'],
  ['plus', 'a+b'],
  ['percent', '100%25'],
  ['query', 'a?b=c&d#e'],
  ['quotes', `"a" 'b'`],
  ['brackets', '[a](b)<c>'],
  ['marks', '~!$()*;=:@,^|`'],
  ['accents', 'Zo\u00eb \u00fcber'],
  ['chinese', '\u81ea\u7531'],
  ['beyond-the-plane', '\u{10400} \u{1f511}'],
  ['decomposed', 'e\u0301'],
] as const;

const roundTrips = names.map(([id, name]) =>
  b2Case({
    id: `b2/names/${id}`,
    title: `a file named ${name}`,
    requirement: 'A name comes back as it was given: in JSON, in listings, and in downloads by name.',
    source: sources.b2Encoding,
    needs: ['sse-c'],
    steps: [
      { ...uploaded(name), expect: { status: 200, json: { fileName: `{{dir}}/${name}` } } },
      {
        do: 'b2-call',
        operation: 'b2_list_file_names',
        body: { bucketId: '{{bucket.id}}', prefix: `{{dir}}/${name}` },
        expect: { json: { 'files.0.fileName': `{{dir}}/${name}`, 'files.0.fileId': '{{up.json.fileId}}' } },
      },
      {
        do: 'b2-download',
        from: { file: name },
        headers: keyHeaders('A'),
        expect: { status: 200, headers: { 'x-bz-file-id': '{{up.json.fileId}}' }, body: { content } },
      },
    ],
  }),
);

const encodings = [
  { id: 'plus-means-space', header: 'a+b', name: 'a b' },
  { id: 'small-hexadecimal', header: '%e8%87%aa', name: '\u81ea' },
  { id: 'needless', header: '%61%2F%62', name: 'a/b' },
].map(({ id, header, name }) =>
  b2Case({
    id: `b2/names/encoded/${id}`,
    title: `a name that is sent as ${header}`,
    requirement: 'A name is percent-encoded UTF-8, in which a plus means a space.',
    source: sources.b2Encoding,
    needs: ['sse-c'],
    steps: [
      {
        ...uploaded('f', { 'X-Bz-File-Name': `{{dir}}/${header}` }),
        expect: { status: 200, json: { fileName: `{{dir}}/${name}` } },
      },
    ],
  }),
);

const refusedNames = [
  { id: 'control-character', header: 'a%01b', about: 'a control character' },
  { id: 'delete-character', header: 'a%7Fb', about: 'the character DEL' },
  { id: 'line-feed', header: 'a%0Ab', about: 'a line feed' },
  { id: 'no-utf-8', header: 'a%FFb', about: 'bytes that are no UTF-8' },
  { id: 'too-long', header: 'long/'.repeat(205), about: 'more than 1,024 bytes' },
].map(({ id, header, about }) =>
  b2Case({
    id: `b2/names/refused/${id}`,
    title: `a name with ${about}`,
    requirement: 'A name has 1 to 1,024 bytes of UTF-8 without control characters, or the upload is refused.',
    source: sources.b2Names,
    needs: ['sse-c'],
    steps: [
      {
        ...uploaded('f', { 'X-Bz-File-Name': `{{dir}}/${header}` }),
        expect: { status: 400, code: 'bad_request' },
      },
      nothingStored,
    ],
  }),
);

const infos = [
  ['plain', 'value'],
  ['spaces', 'a b'],
  ['line-feed', 'a\nb'],
  ['percent', '100%'],
  ['chinese', '\u81ea\u7531'],
  ['empty', ''],
] as const;

const fileInfos = infos.map(([id, value]) => {
  const encoded = encodeURIComponent(value);
  return b2Case({
    id: `b2/file-info/${id}`,
    title: `file info whose value is ${JSON.stringify(value)}`,
    requirement: 'File info comes back as it was given, in JSON and percent-encoded in the headers of a download.',
    source: sources.b2FileInfo,
    needs: ['sse-c'],
    steps: [
      {
        ...uploaded('f', { 'X-Bz-Info-Some-Name': encoded }),
        expect: { status: 200, json: { 'fileInfo.some-name': value } },
      },
      {
        do: 'b2-call',
        operation: 'b2_get_file_info',
        body: { fileId: '{{up.json.fileId}}' },
        expect: { json: { 'fileInfo.some-name': value } },
        why: 'the names of file info are in small letters',
      },
      {
        do: 'b2-download',
        from: { file: 'f' },
        headers: keyHeaders('A'),
        expect: {
          status: 200,
          headers: { 'x-bz-info-some-name': { oneOf: [encoded, encoded.replaceAll('%20', '+')] } },
          body: { content },
        },
      },
    ],
  });
});

const saidOnDownload = [
  ['content-disposition', 'attachment; filename="a.txt"'],
  ['content-language', 'de'],
  ['expires', 'Thu, 01 Dec 2050 16:00:00 GMT'],
  ['cache-control', 'max-age=60'],
  ['content-encoding', 'gzip'],
].map(([name = '', value = '']) =>
  b2Case({
    id: `b2/file-info/b2-${name}`,
    title: `file info b2-${name}`,
    requirement: `The file info b2-${name} is what downloads say in the header of that name.`,
    source: sources.b2Upload,
    needs: ['sse-c'],
    steps: [
      {
        ...uploaded('f', { [`X-Bz-Info-b2-${name}`]: encodeURIComponent(value) }),
        expect: { json: { [`fileInfo.b2-${name}`]: value } },
      },
      {
        do: 'b2-download',
        from: { file: 'f' },
        headers: keyHeaders('A'),
        expect: { status: 200, headers: { [name]: value }, body: { content } },
      },
    ],
  }),
);

const others = [
  b2Case({
    id: 'b2/file-info/reserved',
    title: 'file info whose name begins with b2- and is none of those that there are',
    requirement: 'Names of file info that begin with b2- are reserved, and refused.',
    source: sources.b2FileInfo,
    needs: ['sse-c'],
    steps: [
      { ...uploaded('f', { 'X-Bz-Info-b2-other': 'x' }), expect: { status: 400, code: 'bad_request' } },
      nothingStored,
    ],
  }),
  b2Case({
    id: 'b2/file-info/automatic-type',
    title: 'a content type that is to be found by the name',
    requirement: 'The content type b2/x-auto stands for the one that belongs to the end of the name.',
    source: sources.b2Upload,
    needs: ['sse-c'],
    steps: [
      {
        ...uploaded('f.txt', { 'Content-Type': 'b2/x-auto' }),
        expect: { json: { contentType: { shape: 'text/plain.*' } } },
      },
      {
        ...uploaded('f.conformance-unknown', { 'Content-Type': 'b2/x-auto' }),
        expect: { json: { contentType: 'application/octet-stream' } },
      },
    ],
  }),
];

export const b2Names: readonly ConformanceCase[] = [
  ...roundTrips,
  ...encodings,
  ...refusedNames,
  ...fileInfos,
  ...saidOnDownload,
  ...others,
];
