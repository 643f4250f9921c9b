import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { B2DownloadStep, B2KeyStep, Json, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { keyHeaders } from './encryption.ts';

const content: Content = { text: 'who may see this' };
const upload: Step = { do: 'b2-upload', name: 'up', file: 'in/f', content, headers: keyHeaders('A') };
const unauthorized = { status: 401, code: 'unauthorized' } as const;

/** What the keys of these cases have, but for the capability that a case is about. */
const common = ['listBuckets', 'listFiles', 'readFiles', 'shareFiles', 'writeFiles', 'deleteFiles'];

function key(name: string, capabilities: readonly string[], settings: B2KeyStep['settings'] = {}): Step {
  return { do: 'b2-key', name, capabilities, settings };
}

const bucketId = '{{bucket.id}}';
const file = { fileName: '{{dir}}/in/f', fileId: '{{up.json.fileId}}' };

/** A call, and the capability without which it is refused. */
const guarded: readonly { operation: string; capability: string; body: { readonly [name: string]: Json } }[] = [
  {
    operation: 'b2_list_buckets',
    capability: 'listBuckets',
    body: { accountId: '{{accountId}}', bucketName: '{{bucket}}' },
  },
  { operation: 'b2_list_keys', capability: 'listKeys', body: { accountId: '{{accountId}}', maxKeyCount: 1 } },
  { operation: 'b2_list_file_names', capability: 'listFiles', body: { bucketId, prefix: '{{dir}}/' } },
  { operation: 'b2_list_file_versions', capability: 'listFiles', body: { bucketId, prefix: '{{dir}}/' } },
  { operation: 'b2_list_unfinished_large_files', capability: 'listFiles', body: { bucketId } },
  { operation: 'b2_get_file_info', capability: 'readFiles', body: { fileId: file.fileId } },
  { operation: 'b2_get_upload_url', capability: 'writeFiles', body: { bucketId } },
  { operation: 'b2_hide_file', capability: 'writeFiles', body: { bucketId, fileName: file.fileName } },
  { operation: 'b2_delete_file_version', capability: 'deleteFiles', body: file },
  {
    operation: 'b2_get_download_authorization',
    capability: 'shareFiles',
    body: { bucketId, fileNamePrefix: '{{dir}}/', validDurationInSeconds: 60 },
  },
  {
    operation: 'b2_start_large_file',
    capability: 'writeFiles',
    body: { bucketId, fileName: '{{dir}}/large', contentType: 'text/plain' },
  },
];

const capabilities = guarded.map(({ operation, capability, body }) =>
  b2Case({
    id: `b2/access/capability/${operation.replaceAll('_', '-')}`,
    title: `${operation} with and without ${capability}`,
    requirement: `The call ${operation} needs the capability ${capability}, and no other of those that keys have.`,
    source: sources.b2Capabilities,
    needs: ['application-keys', 'sse-c'],
    steps: [
      upload,
      key(
        'without',
        common.filter((name) => name !== capability),
      ),
      key('with', [capability]),
      { do: 'b2-call', operation, body, as: 'without', expect: unauthorized },
      { do: 'b2-call', operation, body, as: 'with', expect: { status: 200 } },
    ],
  }),
);

const byName: B2DownloadStep = { do: 'b2-download', from: { file: 'in/f' }, headers: keyHeaders('A') };
const byId: B2DownloadStep = { ...byName, from: { fileId: '{{up.json.fileId}}' } };
const opens = { status: 200, body: { content } } as const;

const outside: Step = {
  do: 'b2-upload',
  name: 'out',
  file: 'out/f',
  content,
  headers: keyHeaders('A'),
};

const restrictions = [
  b2Case({
    id: 'b2/access/download-without-capability',
    title: 'a file with SSE-C, downloaded without and with readFiles',
    requirement: 'A download from a private bucket needs readFiles; the customer key does not stand in for it.',
    source: sources.b2Capabilities,
    needs: ['application-keys', 'sse-c'],
    steps: [
      upload,
      key(
        'without',
        common.filter((name) => name !== 'readFiles'),
      ),
      key('with', ['readFiles']),
      { ...byName, as: 'without', expect: { status: 401 } },
      { ...byId, as: 'without', expect: { status: 401 } },
      { ...byName, as: 'with', expect: opens },
    ],
  }),
  b2Case({
    id: 'b2/access/bucket',
    title: 'a key that is restricted to a bucket',
    requirement: 'A key that is restricted to a bucket reaches nothing in another, not even by the id of a file.',
    source: sources.b2Keys,
    needs: ['application-keys', 'sse-c'],
    steps: [
      upload,
      { do: 'bucket', name: 'box' },
      key('here', common, { bucketId }),
      key('there', common, { bucketId: '{{box.id}}' }),
      { ...byId, as: 'here', expect: opens },
      { ...byId, as: 'there', expect: { status: 401 } },
      { ...byName, as: 'there', expect: { status: 401 } },
      {
        do: 'b2-call',
        operation: 'b2_get_file_info',
        body: { fileId: file.fileId },
        as: 'there',
        expect: unauthorized,
      },
      { do: 'b2-call', operation: 'b2_list_file_names', body: { bucketId }, as: 'there', expect: unauthorized },
      { do: 'b2-call', operation: 'b2_delete_file_version', body: file, as: 'there', expect: unauthorized },
      { ...upload, as: 'there', expect: unauthorized },
    ],
  }),
  b2Case({
    id: 'b2/access/prefix',
    title: 'a key that is restricted to a prefix',
    requirement: 'A key that is restricted to a prefix reaches no file whose name begins otherwise.',
    source: sources.b2Keys,
    needs: ['application-keys', 'sse-c'],
    steps: [
      upload,
      outside,
      key('some', common, { bucketId, namePrefix: '{{dir}}/in/' }),
      { ...byId, as: 'some', expect: opens },
      { ...byName, from: { file: 'out/f' }, as: 'some', expect: { status: 401 } },
      { ...byId, from: { fileId: '{{out.json.fileId}}' }, as: 'some', expect: { status: 401 } },
      {
        do: 'b2-call',
        operation: 'b2_list_file_names',
        body: { bucketId, prefix: '{{dir}}/' },
        as: 'some',
        expect: unauthorized,
        why: 'a shorter prefix is refused, not filtered',
      },
      {
        do: 'b2-call',
        operation: 'b2_list_file_names',
        body: { bucketId, prefix: '{{dir}}/in/' },
        as: 'some',
        expect: { json: { 'files.0.fileId': '{{up.json.fileId}}' } },
      },
      { ...outside, as: 'some', expect: unauthorized },
      { ...upload, file: 'in/g', as: 'some', expect: { status: 200 } },
      {
        do: 'b2-call',
        operation: 'b2_hide_file',
        body: { bucketId, fileName: '{{dir}}/out/f' },
        as: 'some',
        expect: unauthorized,
      },
    ],
  }),
];

const listing = { do: 'b2-call', operation: 'b2_list_file_names', body: { bucketId } } as const;
const badToken = { status: 401, code: ['bad_auth_token', 'unauthorized'] } as const;

const tokens = [
  b2Case({
    id: 'b2/access/no-token',
    title: 'a call and a download without a token',
    requirement: 'Without a token, calls and downloads from private buckets are refused.',
    source: sources.b2Calling,
    needs: ['sse-c'],
    steps: [
      upload,
      { ...listing, token: null, expect: { status: [401, 400] } },
      { ...byName, token: null, expect: { status: 401 } },
      { ...byId, token: null, expect: { status: 401 } },
    ],
  }),
  b2Case({
    id: 'b2/access/unknown-token',
    title: 'a call and a download with a token that nobody gave out',
    requirement: 'A token that was not given out is refused, also for what there is not.',
    source: sources.b2Calling,
    needs: ['sse-c'],
    steps: [
      upload,
      { ...listing, token: 'unknown', expect: badToken },
      { ...byName, token: 'unknown', expect: { status: 401 } },
      { ...byName, from: { file: 'nothing' }, token: 'unknown', expect: { status: 401 } },
      {
        do: 'b2-call',
        operation: 'b2_get_file_info',
        body: { fileId: '4_z0' },
        token: 'unknown',
        expect: badToken,
        why: 'the token is looked at first',
      },
    ],
  }),
  b2Case({
    id: 'b2/access/deleted-key',
    title: 'the token of a key that was deleted',
    requirement: 'Deleting a key ends what it authorizes.',
    source: sources.b2Keys,
    needs: ['application-keys', 'sse-c'],
    steps: [
      upload,
      key('some', common),
      { ...byName, as: 'some', expect: opens },
      {
        do: 'b2-call',
        operation: 'b2_delete_key',
        body: { applicationKeyId: '{{some.json.applicationKeyId}}' },
      },
      { ...byName, as: 'some', expect: { status: 401 } },
    ],
  }),
];

const place: Step = { do: 'b2-call', name: 'place', operation: 'b2_get_upload_url', body: { bucketId } };
const to = { url: '{{place.json.uploadUrl}}', token: '{{place.json.authorizationToken}}' };

const uploadUrls = [
  b2Case({
    id: 'b2/access/upload-url/used-again',
    title: 'two uploads to one upload URL, one after the other',
    requirement: 'An upload URL may be used for several uploads, one after the other.',
    source: sources.b2UploadUrl,
    needs: ['sse-c'],
    steps: [place, { ...upload, to }, { ...upload, file: 'in/g', to, expect: { status: 200 } }],
  }),
  ...[
    { id: 'unknown-token', about: 'a token that nobody gave out', token: 'unknown' },
    {
      id: 'download-token',
      about: 'the token of a download authorization',
      token: '{{share.json.authorizationToken}}',
    },
    { id: 'other-token', about: 'the token of another upload URL', token: '{{other.json.authorizationToken}}' },
  ].map(({ id, about, token }) =>
    b2Case({
      id: `b2/access/upload-url/${id}`,
      title: `an upload with ${about}`,
      requirement: 'An upload needs the token that came with its upload URL.',
      source: sources.b2UploadUrl,
      needs: ['sse-c', 'download-authorizations'],
      steps: [
        place,
        { do: 'bucket', name: 'box' },
        { do: 'b2-call', name: 'other', operation: 'b2_get_upload_url', body: { bucketId: '{{box.id}}' } },
        {
          do: 'b2-call',
          name: 'share',
          operation: 'b2_get_download_authorization',
          body: { bucketId, fileNamePrefix: '', validDurationInSeconds: 60 },
        },
        { ...upload, to: { ...to, token }, expect: { status: 401 } },
        {
          do: 'b2-call',
          operation: 'b2_list_file_versions',
          body: { bucketId, prefix: '{{dir}}/' },
          expect: { json: { files: '[]' } },
          why: 'a refused upload leaves nothing behind',
        },
      ],
    }),
  ),
  b2Case({
    id: 'b2/access/upload-url/token-for-calls',
    title: 'a call with the token of an upload URL',
    requirement: 'The token of an upload URL is for uploads only.',
    source: sources.b2UploadUrl,
    needs: ['sse-c'],
    steps: [
      upload,
      place,
      { ...listing, token: to.token, expect: { status: 401 } },
      { ...byName, token: to.token, expect: { status: 401 } },
    ],
  }),
];

export const b2Access: readonly ConformanceCase[] = [...capabilities, ...restrictions, ...tokens, ...uploadUrls];
