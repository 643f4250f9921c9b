import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { Headers, S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { needsOf, s3Modes, threeS3Modes, type S3Mode } from './encryption.ts';
import { s3Case } from './s3-case.ts';

const content: Content = { text: 'what is locked' };
const bucket = '{{box.bucket}}';
const lockedBucket: Step = { do: 'bucket', name: 'box', headers: { 'x-amz-bucket-object-lock-enabled': 'true' } };

/** Governance only: what is locked by compliance could not be removed after the run. */
const retention: Headers = {
  'x-amz-object-lock-mode': 'GOVERNANCE',
  'x-amz-object-lock-retain-until-date': '{{date+86400}}',
};
const hold: Headers = { 'x-amz-object-lock-legal-hold': 'ON' };
const bypass: Headers = { 'x-amz-bypass-governance-retention': 'true' };

function put({ writing }: S3Mode, headers: Headers = {}): S3Step {
  return { do: 's3', name: 'put', method: 'PUT', bucket, key: 'k', content, headers: { ...writing, ...headers } };
}

const version = { versionId: '{{put.header.x-amz-version-id}}' };
const deletion: S3Step = { do: 's3', method: 'DELETE', bucket, key: 'k', query: version };
const denied: Step['expect'] = { status: 403, code: 'AccessDenied' };

function setHold(status: 'ON' | 'OFF'): S3Step {
  return {
    do: 's3',
    method: 'PUT',
    bucket,
    key: 'k',
    query: { ...version, 'legal-hold': '' },
    content: { text: `<LegalHold><Status>${status}</Status></LegalHold>` },
  };
}

function setRetention(seconds: number, headers: Headers = {}): S3Step {
  const inner = `<Mode>GOVERNANCE</Mode><RetainUntilDate>{{date+${seconds}}}</RetainUntilDate>`;
  return {
    do: 's3',
    method: 'PUT',
    bucket,
    key: 'k',
    query: { ...version, retention: '' },
    headers,
    content: { text: `<Retention>${inner}</Retention>` },
  };
}

const released: S3Step = { ...deletion, headers: bypass, expect: { status: 204 } };

type Fields = Pick<ConformanceCase, 'title' | 'requirement' | 'steps'> & Partial<ConformanceCase>;

function lockCase(id: string, fields: Fields): ConformanceCase {
  return s3Case({
    source: sources.s3Lock,
    ...fields,
    id: `s3/object-lock/${id}`,
    needs: ['object-lock', 'versions', ...(fields.needs ?? [])],
  });
}

const locked = threeS3Modes.map((mode) =>
  lockCase(`${mode.id}/locked`, {
    title: `${mode.title}, written with a retention and a legal hold`,
    requirement: 'A locked version says so, cannot be deleted, and opens as any other; no key is needed to release it.',
    needs: needsOf(mode),
    steps: [
      lockedBucket,
      { ...put(mode, { ...retention, ...hold }), expect: { status: 200, headers: mode.headers } },
      {
        do: 's3',
        method: 'GET',
        bucket,
        key: 'k',
        headers: mode.reading,
        expect: {
          status: 200,
          headers: {
            ...mode.headers,
            'x-amz-object-lock-mode': 'GOVERNANCE',
            'x-amz-object-lock-legal-hold': 'ON',
          },
          body: { content },
        },
      },
      { ...deletion, headers: bypass, expect: denied, why: 'the legal hold cannot be bypassed' },
      setHold('OFF'),
      { ...deletion, expect: denied, why: 'the retention is still there' },
      released,
    ],
  }),
);

const others = [
  lockCase('sse-c/longer-only', {
    title: 'a retention of an object with SSE-C that is made longer and shorter',
    requirement: 'A retention is made longer by a request, and shorter only by a bypass; neither needs the key.',
    needs: ['sse-c'],
    steps: [
      lockedBucket,
      put(s3Modes.sseCA, retention),
      setRetention(172_800),
      { ...setRetention(86_400), expect: denied },
      setRetention(86_400, bypass),
      {
        do: 's3',
        method: 'GET',
        bucket,
        key: 'k',
        query: { ...version, retention: '' },
        expect: { status: 200, xml: { Mode: 'GOVERNANCE' } },
      },
      released,
    ],
  }),
  lockCase('sse-c/default', {
    title: 'an object with SSE-C in a bucket with a default retention',
    requirement: 'An object that asks for no retention has the one of its bucket.',
    needs: ['sse-c'],
    steps: [
      lockedBucket,
      {
        do: 's3',
        method: 'PUT',
        bucket,
        query: { 'object-lock': '' },
        content: {
          text:
            '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>' +
            '<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule>' +
            '</ObjectLockConfiguration>',
        },
      },
      // AWS wants a checksum where a lock comes from the default, too.
      put(s3Modes.sseCA, { 'Content-MD5': 'oaE/Zd9FaRLbCnnY7WPOQw==' }),
      {
        do: 's3',
        method: 'HEAD',
        bucket,
        key: 'k',
        headers: s3Modes.sseCA.reading,
        expect: { status: 200, headers: { 'x-amz-object-lock-mode': 'GOVERNANCE' } },
      },
      { ...deletion, expect: denied },
      released,
    ],
  }),
  lockCase('sse-c/newer-versions', {
    title: 'a newer version and a delete marker over a locked object with SSE-C',
    requirement: 'A lock keeps its version; newer versions and delete markers are free.',
    needs: ['sse-c'],
    steps: [
      lockedBucket,
      put(s3Modes.sseCA, retention),
      { ...put(s3Modes.sseCB), name: 'newer', expect: { status: 200 } },
      { do: 's3', method: 'DELETE', bucket, key: 'k', expect: { status: 204 } },
      {
        do: 's3',
        method: 'GET',
        bucket,
        key: 'k',
        query: version,
        headers: s3Modes.sseCA.reading,
        expect: { status: 200, body: { content } },
      },
      released,
    ],
  }),
  lockCase('sse-c/multipart', {
    title: 'an object of parts with SSE-C, whose upload was begun with a retention',
    requirement: 'An object of parts has the lock that its upload was begun with.',
    needs: ['sse-c', 'multipart'],
    steps: [
      lockedBucket,
      {
        do: 's3',
        name: 'upload',
        method: 'POST',
        bucket,
        key: 'k',
        query: { uploads: '' },
        headers: { ...s3Modes.sseCA.writing, ...retention },
      },
      {
        do: 's3',
        name: 'part',
        method: 'PUT',
        bucket,
        key: 'k',
        query: { partNumber: '1', uploadId: '{{upload.xml.UploadId}}' },
        content,
        headers: s3Modes.sseCA.reading,
      },
      {
        do: 's3',
        name: 'put',
        method: 'POST',
        bucket,
        key: 'k',
        query: { uploadId: '{{upload.xml.UploadId}}' },
        headers: s3Modes.sseCA.reading,
        content: {
          text:
            '<CompleteMultipartUpload>' +
            '<Part><PartNumber>1</PartNumber><ETag>{{part.header.etag}}</ETag></Part>' +
            '</CompleteMultipartUpload>',
        },
      },
      {
        do: 's3',
        name: 'put',
        method: 'HEAD',
        bucket,
        key: 'k',
        headers: s3Modes.sseCA.reading,
        expect: { status: 200, headers: { 'x-amz-object-lock-mode': 'GOVERNANCE' } },
      },
      { ...deletion, expect: denied },
      released,
    ],
  }),
];

const refused = [
  {
    id: 'no-lock',
    about: 'in a bucket without Object Lock',
    box: { do: 'bucket', name: 'box' } as const,
    headers: retention,
    codes: ['InvalidRequest', 'InvalidArgument'],
  },
  {
    id: 'past',
    about: 'that ends in the past',
    box: lockedBucket,
    headers: { ...retention, 'x-amz-object-lock-retain-until-date': '{{date-86400}}' },
    codes: ['InvalidArgument', 'InvalidRequest'],
  },
  {
    id: 'without-end',
    about: 'without its end',
    box: lockedBucket,
    headers: { 'x-amz-object-lock-mode': 'GOVERNANCE' },
    codes: ['InvalidArgument', 'InvalidRequest'],
  },
  {
    id: 'unknown-mode',
    about: 'in a mode that there is not',
    box: lockedBucket,
    headers: { ...retention, 'x-amz-object-lock-mode': 'abc' },
    codes: ['InvalidArgument', 'InvalidRequest'],
  },
].map(({ id, about, box, headers, codes }) =>
  lockCase(`refused/${id}`, {
    title: `an object with SSE-C and a retention ${about}`,
    requirement: 'A retention has a known mode and an end in the future, in a bucket with Object Lock.',
    source: sources.s3Put,
    needs: ['sse-c'],
    steps: [
      box,
      { ...put(s3Modes.sseCA, headers), expect: { status: 400, code: codes } },
      { do: 's3', method: 'HEAD', bucket, key: 'k', headers: s3Modes.sseCA.reading, expect: { status: 404 } },
    ],
  }),
);

export const s3ObjectLock: readonly ConformanceCase[] = [...locked, ...others, ...refused];
