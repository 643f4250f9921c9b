import type { ConformanceCase } from '../../model/case.ts';
import type { Content } from '../../model/content.ts';
import type { S3Step, Step } from '../../model/step.ts';
import { sources } from '../sources.ts';
import { s3Case } from './s3-case.ts';
import { keyHeaders, s3Modes, type S3Mode } from './encryption.ts';

const content: Content = { text: 'what is in the bucket' };
const bucket = '{{box.bucket}}';
const made: Step = { do: 'bucket', name: 'box' };
const rule = (inner: string): string =>
  `<Rule><ApplyServerSideEncryptionByDefault>${inner}</ApplyServerSideEncryptionByDefault></Rule>`;
const document = (inner: string): string =>
  '<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
  `${inner}</ServerSideEncryptionConfiguration>`;
const sseS3 = document(rule('<SSEAlgorithm>AES256</SSEAlgorithm>'));

function setDefault(text: string, expect?: Step['expect']): S3Step {
  const step: S3Step = { do: 's3', method: 'PUT', bucket, query: { encryption: '' }, content: { text } };
  return expect === undefined ? step : { ...step, expect };
}

const shown: S3Step = {
  do: 's3',
  method: 'GET',
  bucket,
  query: { encryption: '' },
  expect: { status: 200, xml: { 'Rule.ApplyServerSideEncryptionByDefault.SSEAlgorithm': 'AES256' } },
};

function put(key: string, { writing, headers }: S3Mode, sent = writing): Step {
  return { do: 's3', name: key, method: 'PUT', bucket, key, content, headers: sent, expect: { status: 200, headers } };
}

function reads(key: string, { reading, headers }: S3Mode): Step {
  return {
    do: 's3',
    method: 'GET',
    bucket,
    key,
    headers: reading,
    expect: { status: 200, headers, body: { content } },
  };
}

function encryptionCase(
  id: string,
  fields: Pick<ConformanceCase, 'title' | 'requirement' | 'steps'> & Partial<ConformanceCase>,
): ConformanceCase {
  return s3Case({
    source: sources.s3BucketEncryption,
    ...fields,
    id: `s3/bucket-encryption/${id}`,
    needs: ['sse-s3', 'default-encryption', ...(fields.needs ?? [])],
  });
}

export const s3BucketEncryption: readonly ConformanceCase[] = [
  encryptionCase('set-and-shown', {
    title: 'a default of AES256 is set and shown',
    requirement: 'The default encryption that was set is given back.',
    steps: [made, setDefault(sseS3, { status: 200 }), shown],
  }),
  encryptionCase('effect', {
    title: 'an object in a bucket with a default',
    requirement: 'An object that asks for nothing gets the default of its bucket.',
    steps: [made, setDefault(sseS3), put('k', s3Modes.sseS3, {}), reads('k', s3Modes.sseS3)],
  }),
  encryptionCase('sse-c-wins', {
    title: 'an object with SSE-C in a bucket with a default',
    requirement: 'An object that asks for SSE-C gets it, whatever the default of its bucket.',
    needs: ['sse-c'],
    steps: [made, setDefault(sseS3), put('k', s3Modes.sseCA), reads('k', s3Modes.sseCA)],
  }),
  encryptionCase('existing-objects', {
    title: 'an object with SSE-C that is older than the default',
    requirement: 'A default has no effect on objects that are there already.',
    needs: ['sse-c'],
    steps: [made, put('k', s3Modes.sseCA), setDefault(sseS3), reads('k', s3Modes.sseCA)],
  }),
  encryptionCase('copy-into', {
    title: 'a copy into a bucket with a default',
    requirement: 'A copy that asks for nothing gets the default of the bucket that it goes to.',
    needs: ['copies'],
    steps: [
      made,
      setDefault(sseS3),
      { do: 's3', method: 'PUT', key: 'source', content },
      {
        do: 's3',
        method: 'PUT',
        bucket,
        key: 'k',
        headers: { 'x-amz-copy-source': '/{{bucket}}/{{dir}}/source' },
        expect: { status: 200, headers: s3Modes.sseS3.headers },
      },
      reads('k', s3Modes.sseS3),
    ],
  }),
  encryptionCase('multipart', {
    title: 'an upload of parts begun in a bucket with a default',
    requirement: 'An upload of parts that asks for nothing gets the default of its bucket.',
    needs: ['multipart'],
    steps: [
      made,
      setDefault(sseS3),
      {
        do: 's3',
        method: 'POST',
        bucket,
        key: 'k',
        query: { uploads: '' },
        expect: { status: 200, headers: s3Modes.sseS3.headers },
      },
    ],
  }),
  encryptionCase('deleted', {
    title: 'the default is deleted, and deleted again',
    requirement: 'Deleting the default is 204, also where there is none; objects keep their encryption.',
    steps: [
      made,
      setDefault(sseS3),
      put('k', s3Modes.sseS3, {}),
      { do: 's3', method: 'DELETE', bucket, query: { encryption: '' }, expect: { status: 204 } },
      { do: 's3', method: 'DELETE', bucket, query: { encryption: '' }, expect: { status: 204 } },
      reads('k', s3Modes.sseS3),
    ],
  }),
  encryptionCase('fresh-bucket', {
    title: 'the default of a bucket in which none was set',
    requirement: 'Where no default was set there is none, or, as on AWS since 2023, it is AES256.',
    source: sources.cephTests,
    steps: [made, { ...shown, expect: { status: [404, 200] } }],
  }),
  ...[
    { id: 'empty', text: document('') },
    { id: 'no-algorithm', text: document(rule('')) },
    { id: 'other-algorithm', text: document(rule('<SSEAlgorithm>AES128</SSEAlgorithm>')) },
    { id: 'not-well-formed', text: '<ServerSideEncryptionConfiguration><Rule>' },
  ].map(({ id, text }) =>
    encryptionCase(`refused/${id}`, {
      title: `a default that cannot be: ${id.replaceAll('-', ' ')}`,
      requirement: 'A document that does not name a known encryption is refused and changes nothing.',
      steps: [made, setDefault(sseS3), setDefault(text, { status: 400 }), shown],
    }),
  ),
  encryptionCase('no-bucket', {
    title: 'the default of a bucket that there is not',
    requirement: 'The default of a bucket that there is not is not found.',
    steps: [{ ...shown, bucket: '{{bucket}}-that-is-not', expect: { status: 404, code: 'NoSuchBucket' } }],
  }),
  encryptionCase('key-on-default-object', {
    title: 'an object that is encrypted by default, asked for with a customer key',
    requirement: 'A customer key for an object that has none is refused.',
    source: sources.mint,
    needs: ['sse-c'],
    steps: [
      made,
      setDefault(sseS3),
      put('k', s3Modes.sseS3, {}),
      { do: 's3', method: 'GET', bucket, key: 'k', headers: keyHeaders('A'), expect: { status: 400 } },
    ],
  }),
];
