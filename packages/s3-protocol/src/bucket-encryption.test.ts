import { s3SseHeaders } from '@coffer/sse-schema';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  contentOf,
  encryptByDefault,
  encryptionNames,
  encryptions,
  keyA,
  openEncrypted,
  told,
} from './test-support/encrypted-objects.ts';
import { childText, type TestServer } from './test-support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await openEncrypted();
});

const target = '/bucket?encryption';
const algorithm = (name: string) => `<SSEAlgorithm>${name}</SSEAlgorithm>`;
const apply = (inside: string) => `<ApplyServerSideEncryptionByDefault>${inside}</ApplyServerSideEncryptionByDefault>`;
const blocked = (...types: readonly string[]) =>
  `<BlockedEncryptionTypes>${types.map((type) => `<EncryptionType>${type}</EncryptionType>`).join('')}</BlockedEncryptionTypes>`;
const document = (...rules: readonly string[]) =>
  '<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
  `${rules.map((rule) => `<Rule>${rule}</Rule>`).join('')}</ServerSideEncryptionConfiguration>`;
const aes256 = apply(algorithm('AES256'));
const put = (body: string) => ({ method: 'PUT', target, body });
const unset = 'ServerSideEncryptionConfigurationNotFoundError';

describe('the encryption of a bucket', () => {
  it('is set, told and removed', async () => {
    await server.refused({ target }, { code: unset });
    const set = await server.ok(put(document(aes256)));
    expect(set.bytes.length).toBe(0);
    expect((await server.ok({ target })).text).toContain(document(aes256));
    for (let time = 0; time < 2; time++) {
      expect((await server.ok({ method: 'DELETE', target })).status).toBe(204);
      await server.refused({ target }, { code: unset });
    }
  });

  it.each([
    ['a bucket key', `${aes256}<BucketKeyEnabled>true</BucketKeyEnabled>`],
    ['nothing that is blocked', aes256 + blocked('NONE')],
    ['white space', `\n ${apply(`\n ${algorithm('\nAES256 ')}`)}\n`],
  ])('takes %s, and tells nothing of it', async (_, rule) => {
    await server.ok(put(document(rule)));
    expect((await server.ok({ target })).text).toContain(document(aes256));
  });

  it.each([
    ['no rule', document(), 'MalformedXML'],
    ['two rules', document(aes256, aes256), 'MalformedXML'],
    ['another root', document(aes256).replaceAll('Configuration', 'Configurations'), 'MalformedXML'],
    ['a rule that says nothing', document(''), 'MalformedXML'],
    ['no algorithm', document(apply('')), 'MalformedXML'],
    ['another algorithm', document(apply(algorithm('aes256'))), 'MalformedXML'],
    ['KMS', document(apply(algorithm('aws:kms'))), 'NotImplemented'],
    ['KMS in two layers', document(apply(algorithm('aws:kms:dsse'))), 'NotImplemented'],
    ['a KMS key', document(apply(`${algorithm('AES256')}<KMSMasterKeyID>id</KMSMasterKeyID>`)), 'InvalidArgument'],
    ['another type that is blocked', document(aes256 + blocked('SSE-KMS')), 'MalformedXML'],
  ] as const)('refuses %s', async (_, body, code) => {
    const answer = await server.refused(put(body), { code });
    if (code === 'InvalidArgument') {
      expect(childText(answer.xml, 'ArgumentName')).toBe('ApplyServerSideEncryptionByDefault');
      expect(childText(answer.xml, 'Message')).toBe(
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      );
    }
  });

  it('is for new objects only, and a request that asks for another one gets that', async () => {
    await encryptByDefault(server);
    for (const name of encryptionNames) {
      const { read, told: expected } = encryptions[name];
      const answer = await server.ok({ target: `/bucket/${name}`, headers: read });
      expect([answer.text, told(answer.headers)]).toEqual([contentOf(name), expected]);
    }
    for (const name of encryptionNames) {
      const { ask, read } = encryptions[name];
      const expected = encryptions[name === 'none' ? 'SSE-S3' : name].told;
      const stored = await server.ok({ method: 'PUT', target: '/bucket/new', body: name, headers: ask });
      expect(told(stored.headers)).toEqual(expected);
      const answer = await server.ok({ target: '/bucket/new', headers: read });
      expect([answer.text, told(answer.headers)]).toEqual([name, expected]);
    }
    await server.ok({ method: 'DELETE', target });
    const plain = await server.ok({ method: 'PUT', target: '/bucket/new', body: 'x' });
    expect(told(plain.headers)).toEqual({});
  });

  it('is asked for by the default without another capability', async () => {
    await encryptByDefault(server);
    const key = await server.createKey(['writeFiles']);
    const stored = await server.ok({ method: 'PUT', target: '/bucket/new', body: 'x', key });
    expect(told(stored.headers)).toEqual(encryptions['SSE-S3'].told);
  });
});

describe('a bucket that blocks SSE-C', () => {
  const send = (key: string, headers: object) => ({
    ...{ method: 'PUT', target: `/bucket/${key}`, headers: { ...keyA.headers, ...headers } },
  });
  const denied = { code: 'AccessDenied', message: 'Access Denied. This bucket blocks SSE-C for new objects.' } as const;

  it.each([
    ['alone', blocked('SSE-C')],
    ['beside a default', aes256 + blocked('SSE-C')],
  ])('%s, refuses it to new objects only', async (_, rule) => {
    const started = await server.ok({ method: 'POST', target: '/bucket/large?uploads', headers: keyA.headers });
    await server.ok(put(document(rule)));
    expect((await server.ok({ target })).text).toContain(document(rule));
    await server.refused(send('new', {}), denied);
    await server.refused(send('new', { 'x-amz-copy-source': 'bucket/none' }), denied);
    await server.refused({ method: 'POST', target: '/bucket/new?uploads', headers: keyA.headers }, denied);
    const source = { 'x-amz-copy-source': 'bucket/SSE-C', ...keyA.sourceHeaders };
    await server.ok({ method: 'PUT', target: '/bucket/copy', headers: source });
    const read = await server.ok({ target: '/bucket/SSE-C', headers: keyA.headers });
    expect(read.text).toBe(contentOf('SSE-C'));
    const uploadId = childText(started.xml, 'UploadId') ?? '';
    const part = `/bucket/large?partNumber=1&uploadId=${uploadId}`;
    const stored = await server.ok({ method: 'PUT', target: part, body: 'x', headers: keyA.headers });
    expect(stored.headers.get(s3SseHeaders.md5)).toBe(keyA.md5);
    await server.ok({ method: 'DELETE', target });
    await server.ok(send('new', {}));
  });
});
