import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { customerKeyHeaders, keyHeaders, needsOf, s3Modes, sseHeader, threeS3Modes } from './encryption.ts';
import { s3Case } from './s3-case.ts';

const content: Content = { text: 'what is signed' };
const put: S3Step = { do: 's3', method: 'PUT', key: 'k', content, headers: keyHeaders('A') };
const get: S3Step = { do: 's3', method: 'GET', key: 'k', headers: keyHeaders('A') };
const nothingStored: Step = {
  ...get,
  method: 'HEAD',
  expect: { status: 404 },
  why: 'a refused request leaves nothing behind',
};

const mismatch = { status: 403, code: 'SignatureDoesNotMatch' } as const;
const wrongs = [
  { id: 'other-digit', about: 'whose signature has another digit', fields: { wrong: 'signature' }, expect: mismatch },
  {
    id: 'too-old',
    about: 'that was signed an hour ago',
    fields: { wrong: 'expired' },
    expect: { status: 403, code: ['RequestTimeTooSkewed', 'AccessDenied', 'RequestExpired'] },
  },
  {
    id: 'unsigned',
    about: 'that is not signed',
    fields: { wrong: 'unsigned' },
    expect: { status: 403, code: 'AccessDenied' },
  },
  {
    id: 'presigned-other-digit',
    about: 'that is presigned, whose signature has another digit',
    fields: { wrong: 'signature', presigned: true },
    expect: mismatch,
  },
  {
    id: 'presigned-expired',
    about: 'that is presigned, and whose time is over',
    fields: { wrong: 'expired', presigned: true },
    expect: { status: 403, code: ['AccessDenied', 'ExpiredToken', 'ExpiredPresignRequest', 'RequestExpired'] },
  },
] as const;

const refused = wrongs.map(({ id, about, fields, expect }) =>
  s3Case({
    id: `s3/signatures/${id}`,
    title: `requests for an object with SSE-C ${about}`,
    requirement: 'A request whose signature is missing, wrong or too old is refused; its customer key changes nothing.',
    source: id.startsWith('presigned') ? sources.s3Presigned : sources.s3Signing,
    needs: id.startsWith('presigned') ? ['presigned', 'sse-c'] : ['sse-c'],
    steps: [{ ...put, ...fields, expect }, nothingStored, put, { ...get, ...fields, expect }],
  }),
);

const changed = [
  {
    id: 'body-changed',
    about: 'whose body was changed after it was signed',
    source: sources.s3Signing,
    changes: { body: { text: 'What is signed' } },
    expect: { status: [400, 403], code: ['XAmzContentSHA256Mismatch', 'SignatureDoesNotMatch', 'BadDigest'] },
  },
  {
    id: 'key-replaced',
    about: 'whose customer key is not the one that was signed',
    source: sources.s3Signing,
    changes: {
      without: [customerKeyHeaders.key, customerKeyHeaders.md5.toLowerCase()],
      lines: [`${customerKeyHeaders.key}: {{key.B}}`, `${customerKeyHeaders.md5}: {{key.B.md5}}`],
    },
    expect: mismatch,
  },
  {
    id: 'key-removed',
    about: 'whose customer key was removed after it was signed',
    source: sources.s3Signing,
    changes: { without: Object.values(customerKeyHeaders).map((name) => name.toLowerCase()) },
    expect: { status: [403, 400] },
  },
  {
    id: 'method-changed',
    about: 'whose method is not the one that was signed',
    source: sources.s3Signing,
    changes: { requestLine: 'DELETE {{target}} HTTP/1.1' },
    expect: mismatch,
  },
  {
    id: 'metadata-added',
    about: 'to which metadata was added after it was signed',
    source: sources.s3Signing,
    changes: { lines: ['x-amz-meta-added: 1'] },
    expect: { status: 403, code: ['AccessDenied', 'SignatureDoesNotMatch'] },
  },
].map(({ id, about, source, changes, expect }) =>
  s3Case({
    id: `s3/signatures/${id}`,
    title: `a PUT with SSE-C ${about}`,
    requirement: 'A request that is not the one that was signed is refused.',
    source,
    needs: ['sse-c'],
    steps: [{ do: 'raw', request: put, ...changes, expect }, nothingStored],
  }),
);

const presignedPut: S3Step = { ...put, presigned: true };
const presigned = [
  s3Case({
    id: 's3/signatures/presigned-key-replaced',
    title: 'a presigned PUT whose customer key is not the one that was signed',
    requirement: 'A presigned request whose signed headers have other values is refused.',
    source: sources.s3Presigned,
    needs: ['presigned', 'sse-c'],
    steps: [
      {
        do: 'raw',
        request: presignedPut,
        without: [customerKeyHeaders.key, customerKeyHeaders.md5.toLowerCase()],
        lines: [`${customerKeyHeaders.key}: {{key.B}}`, `${customerKeyHeaders.md5}: {{key.B.md5}}`],
        expect: mismatch,
      },
      nothingStored,
    ],
  }),
  s3Case({
    id: 's3/signatures/presigned-sse-removed',
    title: 'a presigned PUT without the header that asks for SSE-S3, which was signed',
    requirement:
      'A presigned request without its signed headers is refused: what is to be encrypted is not stored plain.',
    source: sources.s3Presigned,
    needs: ['presigned', 'sse-s3'],
    steps: [
      {
        do: 'raw',
        request: { ...presignedPut, headers: s3Modes.sseS3.writing },
        without: [sseHeader],
        expect: { status: [403, 400] },
      },
      { ...nothingStored, headers: {} },
    ],
  }),
  s3Case({
    id: 's3/signatures/presigned-other-method',
    title: 'a presigned GET, sent as DELETE',
    requirement: 'A presigned request is for one method.',
    source: sources.s3Presigned,
    needs: ['presigned', 'sse-c'],
    steps: [
      put,
      {
        do: 'raw',
        request: { ...get, presigned: true },
        requestLine: 'DELETE {{target}} HTTP/1.1',
        expect: mismatch,
      },
      { ...get, expect: { status: 200, body: { content } } },
    ],
  }),
];

const forms = [
  ...threeS3Modes.map((mode) =>
    s3Case({
      id: `s3/forms/${mode.id}/posted`,
      title: `${mode.title}, posted by a form`,
      requirement: 'A form of a browser may ask for encryption in its fields.',
      source: sources.s3Form,
      needs: ['forms', ...needsOf(mode)],
      steps: [
        {
          do: 's3-form',
          key: 'k',
          content,
          fields: mode.writing,
          expect: { status: [204, 200], headers: mode.headers },
        },
        {
          do: 's3',
          method: 'GET',
          key: 'k',
          headers: mode.reading,
          expect: { status: 200, headers: mode.headers, body: { content } },
        },
      ],
    }),
  ),
  s3Case({
    id: 's3/forms/sse-c/not-in-policy',
    title: 'a form with a customer key that its policy does not have',
    requirement: 'A field that the policy of a form does not have is refused.',
    source: sources.s3Form,
    needs: ['forms', 'sse-c'],
    steps: [
      {
        do: 's3-form',
        key: 'k',
        content,
        fields: keyHeaders('A'),
        allowed: [],
        expect: { status: 403, code: 'AccessDenied' },
      },
      nothingStored,
    ],
  }),
  s3Case({
    id: 's3/forms/sse-c/wrong-md5',
    title: 'a form with a customer key and the MD5 of another',
    requirement: 'A customer key in a form comes with its own MD5, or the form is refused.',
    source: sources.s3SseC,
    needs: ['forms', 'sse-c'],
    steps: [
      {
        do: 's3-form',
        key: 'k',
        content,
        fields: { ...keyHeaders('A'), [customerKeyHeaders.md5]: '{{key.B.md5}}' },
        expect: { status: 400, code: ['InvalidArgument', 'InvalidRequest', 'InvalidDigest'] },
      },
      nothingStored,
    ],
  }),
];

export const s3Signatures: readonly ConformanceCase[] = [...refused, ...changed, ...presigned, ...forms];
