import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import { absent } from '../../model/expectation.ts';
import type { S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { keyHeaders, needsOf, s3Modes, threeS3Modes, wrongKey, type S3Mode } from './encryption.ts';
import { s3Case } from './s3-case.ts';

const content: Content = { size: 20_000, seed: 107 };
const bucket = '{{box.bucket}}';
const versioned: readonly Step[] = [
  { do: 'bucket', name: 'box' },
  {
    do: 's3',
    method: 'PUT',
    bucket,
    query: { versioning: '' },
    content: { text: '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>' },
    why: 'B2 always has versions, others have to be told',
  },
];

function put({ writing }: S3Mode): S3Step {
  return { do: 's3', name: 'put', method: 'PUT', bucket, key: 'k', content, headers: writing };
}

const version = { versionId: '{{put.header.x-amz-version-id}}' };
const marker = { versionId: '{{deleted.header.x-amz-version-id}}' };
const deletion: S3Step = {
  do: 's3',
  name: 'deleted',
  method: 'DELETE',
  bucket,
  key: 'k',
  expect: { status: 204, headers: { 'x-amz-delete-marker': 'true' } },
};

const markers = threeS3Modes.map((mode) =>
  s3Case({
    id: `s3/versions/${mode.id}/delete-marker`,
    title: `${mode.title}, under a delete marker`,
    requirement:
      'Under a delete marker an object is not found; its version opens as before, and so does it without one.',
    source: sources.s3Versions,
    needs: ['versions', ...needsOf(mode)],
    steps: [
      ...versioned,
      put(mode),
      deletion,
      {
        do: 's3',
        method: 'GET',
        bucket,
        key: 'k',
        headers: mode.reading,
        expect: { status: 404, code: 'NoSuchKey', headers: { 'x-amz-delete-marker': 'true' } },
      },
      {
        do: 's3',
        method: 'GET',
        bucket,
        key: 'k',
        query: version,
        headers: mode.reading,
        expect: { status: 200, headers: mode.headers, body: { content } },
      },
      {
        do: 's3',
        method: 'GET',
        bucket,
        query: { versions: '' },
        expect: {
          status: 200,
          xml: {
            'DeleteMarker.VersionId': marker.versionId,
            'DeleteMarker.IsLatest': 'true',
            'Version.VersionId': version.versionId,
            'Version.Size': '20000',
          },
        },
      },
      { do: 's3', method: 'DELETE', bucket, key: 'k', query: marker, expect: { status: 204 } },
      {
        do: 's3',
        method: 'GET',
        bucket,
        key: 'k',
        headers: mode.reading,
        expect: { status: 200, headers: mode.headers, body: { content } },
      },
    ],
  }),
);

const others = [
  s3Case({
    id: 's3/versions/sse-c/marker-has-no-content',
    title: 'a delete marker over an object with SSE-C, asked for',
    requirement: 'A delete marker has no content, whatever it hides and whichever key is sent.',
    source: sources.s3Versions,
    needs: ['versions', 'sse-c'],
    steps: [
      ...versioned,
      put(s3Modes.sseCA),
      deletion,
      { do: 's3', method: 'GET', bucket, key: 'k', query: marker, headers: keyHeaders('A'), expect: { status: 405 } },
      { do: 's3', method: 'GET', bucket, key: 'k', query: version, headers: keyHeaders('B'), expect: wrongKey },
    ],
  }),
  s3Case({
    id: 's3/versions/sse-c/deleted-for-good',
    title: 'a version with SSE-C that is deleted without its key',
    requirement: 'A version is deleted for good by its id, without a customer key, and the one before comes back.',
    source: sources.s3Versions,
    needs: ['versions', 'sse-c'],
    steps: [
      ...versioned,
      { ...put(s3Modes.sseCB), name: 'older', content: { text: 'older' } },
      put(s3Modes.sseCA),
      { do: 's3', method: 'DELETE', bucket, key: 'k', query: version, expect: { status: 204 } },
      {
        do: 's3',
        method: 'GET',
        bucket,
        key: 'k',
        query: version,
        headers: keyHeaders('A'),
        expect: { status: 404, code: 'NoSuchVersion' },
      },
      {
        do: 's3',
        method: 'GET',
        bucket,
        key: 'k',
        headers: keyHeaders('B'),
        expect: { status: 200, body: { content: { text: 'older' } } },
      },
    ],
  }),
];

/** Two objects with SSE-C. */
const two: readonly S3Step[] = ['a', 'b'].map((key) => ({
  do: 's3',
  method: 'PUT',
  key,
  content,
  headers: keyHeaders('A'),
}));

function deleteAll(inner: string, expect: Step['expect']): S3Step {
  return {
    do: 's3',
    method: 'POST',
    query: { delete: '' },
    content: { text: `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</Delete>` },
    ...(expect !== undefined && { expect }),
  };
}

const object = (key: string): string => `<Object><Key>{{dir}}/${key}</Key></Object>`;
const gone = (key: string): Step => ({
  do: 's3',
  method: 'HEAD',
  key,
  headers: keyHeaders('A'),
  expect: { status: 404 },
});

const deletions = [
  s3Case({
    id: 's3/versions/delete-objects/several',
    title: 'two objects with SSE-C and one that there is not, deleted in one request',
    requirement: 'DeleteObjects needs no customer keys, and tells of each key that it is deleted.',
    source: sources.s3DeleteObjects,
    needs: ['sse-c'],
    steps: [
      ...two,
      deleteAll(`${object('a')}${object('b')}${object('none')}`, {
        status: 200,
        xml: { 'Deleted.Key': { shape: '.+/(?:a|b|none)' }, 'Error.Code': absent },
      }),
      gone('a'),
      gone('b'),
    ],
  }),
  s3Case({
    id: 's3/versions/delete-objects/quiet',
    title: 'two objects with SSE-C, deleted quietly',
    requirement: 'A quiet DeleteObjects tells of errors only.',
    source: sources.s3DeleteObjects,
    needs: ['sse-c'],
    steps: [
      ...two,
      deleteAll(`<Quiet>true</Quiet>${object('a')}${object('b')}`, {
        status: 200,
        xml: { 'Deleted.Key': absent, 'Error.Code': absent },
      }),
      gone('a'),
      gone('b'),
    ],
  }),
  s3Case({
    id: 's3/versions/delete-objects/no-list',
    title: 'DeleteObjects with a body that is no list',
    requirement: 'A list of keys that is not well-formed is refused; nothing is deleted.',
    source: sources.s3DeleteObjects,
    needs: ['sse-c'],
    steps: [
      ...two,
      {
        do: 's3',
        method: 'POST',
        query: { delete: '' },
        content: { text: `<Delete>${object('a')}` },
        expect: { status: 400, code: 'MalformedXML' },
      },
      { do: 's3', method: 'HEAD', key: 'a', headers: keyHeaders('A'), expect: { status: 200 } },
    ],
  }),
];

export const s3Versions: readonly ConformanceCase[] = [...markers, ...others, ...deletions];
