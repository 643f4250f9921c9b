import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { B2DownloadStep, Json, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { b2Modes, demands, keyHeaders, threeB2Modes, type B2Mode } from './encryption.ts';

const content: Content = { size: 20_000, seed: 71 };

function uploaded({ writing }: B2Mode): Step {
  return { do: 'b2-upload', name: 'up', file: 'shared/f', content, headers: writing };
}

/** Lets files be read whose names begin with `prefix`, below this case's folder. */
function authorized(fields: { readonly [name: string]: Json } = {}, prefix = 'shared/'): Step {
  return {
    do: 'b2-call',
    name: 'share',
    operation: 'b2_get_download_authorization',
    body: {
      bucketId: '{{bucket.id}}',
      fileNamePrefix: `{{dir}}/${prefix}`,
      validDurationInSeconds: 600,
      ...fields,
    },
  };
}

/** By name with the token that the step before has given. */
const shared: B2DownloadStep = {
  do: 'b2-download',
  from: { file: 'shared/f' },
  token: '{{share.json.authorizationToken}}',
};

type Fields = Pick<ConformanceCase, 'title' | 'requirement' | 'steps'> & Partial<ConformanceCase>;

function shareCase(id: string, fields: Fields): ConformanceCase {
  return b2Case({
    source: sources.b2DownloadAuthorization,
    ...fields,
    id: `b2/download-authorizations/${id}`,
    needs: ['download-authorizations', ...(fields.needs ?? [])],
  });
}

const read = threeB2Modes.map((mode) =>
  shareCase(`${mode.id}/read`, {
    title: `${mode.title}, read with the token of an authorization`,
    requirement: 'The token of an authorization opens the files of its prefix, as far as no customer key is needed.',
    ...demands(mode),
    steps: [
      uploaded(mode),
      authorized(),
      { ...shared, headers: mode.reading, expect: { status: 200, headers: mode.headers, body: { content } } },
      {
        ...shared,
        token: null,
        query: { Authorization: '{{share.json.authorizationToken}}' },
        headers: mode.reading,
        expect: { status: 200, body: { content } },
        why: 'the token may be in the query, too',
      },
      {
        ...shared,
        headers: { ...mode.reading, Range: 'bytes=16380-16390' },
        expect: { status: 206, body: { content, from: 16_380, to: 16_390 } },
      },
      { ...shared, method: 'HEAD', headers: mode.reading, expect: { status: 200, headers: mode.headers } },
    ],
  }),
);

const keyless = [
  { id: 'without-key', headers: {}, expect: { status: 400, code: 'bad_request' } },
  { id: 'wrong-key', headers: keyHeaders('B'), expect: { status: 403, code: 'access_denied' } },
].map(({ id, headers, expect }) =>
  shareCase(`sse-c/${id}`, {
    title: `a file with SSE-C, read with the token of an authorization, ${id.replace('-', ' ')}`,
    requirement: 'An authorization does not stand in for a customer key.',
    source: sources.b2Guide,
    needs: ['sse-c'],
    steps: [uploaded(b2Modes.sseCA), authorized(), { ...shared, headers, expect }],
  }),
);

/** What a download may be told to say of itself, with the header in which it says so. */
const overrides = [
  {
    field: 'b2ContentDisposition',
    header: 'content-disposition',
    value: 'attachment; filename="a b.txt"',
    other: 'inline',
  },
  { field: 'b2ContentLanguage', header: 'content-language', value: 'de', other: 'en' },
  {
    field: 'b2Expires',
    header: 'expires',
    value: 'Thu, 01 Dec 2050 16:00:00 GMT',
    other: 'Fri, 02 Dec 2050 16:00:00 GMT',
  },
  { field: 'b2CacheControl', header: 'cache-control', value: 'max-age=60', other: 'max-age=61' },
  { field: 'b2ContentEncoding', header: 'content-encoding', value: 'gzip', other: 'br' },
  { field: 'b2ContentType', header: 'content-type', value: 'text/x-conformance', other: 'text/plain' },
].map(({ field, header, value, other }) =>
  shareCase(`override/${header}`, {
    title: `an authorization that fixes ${field}, for a file with SSE-C`,
    requirement: 'What an authorization fixes has to be asked for in exactly that way, and is then in the answer.',
    needs: ['sse-c'],
    steps: [
      uploaded(b2Modes.sseCA),
      authorized({ [field]: value }),
      {
        ...shared,
        query: { [field]: value },
        headers: keyHeaders('A'),
        expect: { status: 200, headers: { [header]: value }, body: { content } },
      },
      { ...shared, headers: keyHeaders('A'), expect: { status: 401 }, why: 'it is not asked for' },
      {
        ...shared,
        query: { [field]: other },
        headers: keyHeaders('A'),
        expect: { status: 401 },
        why: 'another is asked for',
      },
    ],
  }),
);

const refused: Step['expect'] = { status: 401 };

const bounds = [
  shareCase('other-prefix', {
    title: 'a file outside the prefix of an authorization',
    requirement: 'An authorization opens no files whose names do not begin with its prefix.',
    steps: [uploaded(b2Modes.none), authorized({}, 'other/'), { ...shared, expect: refused }],
  }),
  shareCase('other-bucket', {
    title: 'a file in another bucket than that of an authorization',
    requirement: 'An authorization opens files of its bucket only.',
    steps: [
      { do: 'bucket', name: 'box' },
      { do: 'b2-upload', file: 'shared/f', content, bucket: '{{box.id}}' },
      authorized(),
      { ...shared, from: { file: 'shared/f', bucket: '{{box.bucket}}' }, expect: refused },
    ],
  }),
  shareCase('not-by-id', {
    title: 'a download by id with the token of an authorization',
    requirement: 'An authorization is for downloads by name.',
    source: sources.b2Download,
    steps: [
      uploaded(b2Modes.none),
      authorized(),
      { ...shared, from: { fileId: '{{up.json.fileId}}' }, expect: refused },
    ],
  }),
  shareCase('not-for-calls', {
    title: 'a listing with the token of an authorization',
    requirement: 'An authorization is for downloads, not for calls.',
    steps: [
      authorized(),
      {
        do: 'b2-call',
        operation: 'b2_list_file_names',
        body: { bucketId: '{{bucket.id}}' },
        token: '{{share.json.authorizationToken}}',
        expect: refused,
      },
    ],
  }),
  shareCase('expired', {
    title: 'an authorization whose time is over',
    requirement: 'An authorization opens nothing once the seconds for which it was given are over.',
    steps: [
      uploaded(b2Modes.none),
      authorized({ validDurationInSeconds: 1 }),
      { ...shared, afterSeconds: 3, expect: { status: 401, code: ['expired_auth_token', 'bad_auth_token'] } },
    ],
  }),
  ...[0, -1, 604_801].map((seconds) =>
    shareCase(`duration/${seconds < 0 ? 'negative' : String(seconds)}`, {
      title: `an authorization for ${seconds} seconds`,
      requirement: 'An authorization is given for one second to 604,800, a week.',
      steps: [{ ...authorized({ validDurationInSeconds: seconds }), expect: { status: 400, code: 'bad_request' } }],
    }),
  ),
];

export const b2DownloadAuthorizations: readonly ConformanceCase[] = [...read, ...keyless, ...overrides, ...bounds];
