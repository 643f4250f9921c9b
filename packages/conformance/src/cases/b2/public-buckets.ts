import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { B2DownloadStep, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { b2Case } from './b2-case.ts';
import { b2Modes, demands, keyHeaders, threeB2Modes, type B2Mode } from './encryption.ts';

const content: Content = { size: 20_000, seed: 73 };
const publicBucket: Step = { do: 'bucket', name: 'box', settings: { bucketType: 'allPublic' } };

function uploaded({ writing }: B2Mode): Step {
  return { do: 'b2-upload', name: 'up', file: 'f', content, bucket: '{{box.id}}', headers: writing };
}

const byId: B2DownloadStep = { do: 'b2-download', from: { fileId: '{{up.json.fileId}}' }, token: null };
const byName: B2DownloadStep = { do: 'b2-download', from: { file: 'f', bucket: '{{box.bucket}}' }, token: null };

const read = threeB2Modes.map((mode) => {
  const { needs, ...profiles } = demands(mode);
  const expect = { status: 200, headers: mode.headers, body: { content } };
  return b2Case({
    id: `b2/public-buckets/${mode.id}/read`,
    title: `${mode.title} in a public bucket, read without a token`,
    requirement: 'Files of a public bucket are read without a token, decrypted if the endpoint can do it.',
    source: sources.b2ByName,
    ...profiles,
    needs: ['public-buckets', ...needs],
    steps: [
      publicBucket,
      uploaded(mode),
      { ...byName, headers: mode.reading, expect },
      { ...byId, headers: mode.reading, expect },
    ],
  });
});

const keyless = [
  { id: 'without-key', headers: {}, expect: { status: 400, code: 'bad_request' } },
  { id: 'wrong-key', headers: keyHeaders('B'), expect: { status: 403, code: 'access_denied' } },
].map(({ id, headers, expect }) =>
  b2Case({
    id: `b2/public-buckets/sse-c/${id}`,
    title: `a file with SSE-C in a public bucket, read ${id.replace('-', ' ')}`,
    requirement: 'That a bucket is public does not stand in for a customer key.',
    source: sources.b2Guide,
    needs: ['public-buckets', 'sse-c'],
    steps: [
      publicBucket,
      uploaded(b2Modes.sseCA),
      { ...byName, headers, expect },
      { ...byId, headers, expect },
      { ...byName, headers: { ...headers, Range: 'bytes=0-9' }, expect },
    ],
  }),
);

const others = [
  b2Case({
    id: 'b2/public-buckets/only-downloads',
    title: 'a public bucket, listed without a token',
    requirement: 'Public means downloads: all other calls need a token.',
    source: sources.b2Bucket,
    needs: ['public-buckets'],
    steps: [
      publicBucket,
      uploaded(b2Modes.none),
      {
        do: 'b2-call',
        operation: 'b2_list_file_names',
        body: { bucketId: '{{box.id}}' },
        token: null,
        expect: { status: [400, 401] },
      },
    ],
  }),
  b2Case({
    id: 'b2/public-buckets/private-again',
    title: 'a public bucket that is made private',
    requirement: 'Files of a private bucket are not read without a token.',
    source: sources.b2Bucket,
    needs: ['public-buckets'],
    steps: [
      publicBucket,
      uploaded(b2Modes.none),
      { ...byName, expect: { status: 200 } },
      {
        do: 'b2-call',
        operation: 'b2_update_bucket',
        body: { accountId: '{{accountId}}', bucketId: '{{box.id}}', bucketType: 'allPrivate' },
      },
      { ...byName, expect: { status: 401 } },
      { ...byId, expect: { status: 401 } },
    ],
  }),
];

export const b2PublicBuckets: readonly ConformanceCase[] = [...read, ...keyless, ...others];
