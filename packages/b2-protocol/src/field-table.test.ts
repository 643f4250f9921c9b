import {
  operationNames,
  operations,
  type B2ErrorCode,
  type DownloadHeaders,
  type OperationName,
  type OperationNameOf,
  type RequestOf,
  type UploadFileRequest,
  type UploadPartRequest,
} from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import { TestServer } from './test-support/test-server.ts';
import { validAttempts, type Changes } from './test-support/valid-attempts.ts';

async function open() {
  const server = await TestServer.inMemory();
  return { server, attempts: await validAttempts(server) };
}

/** What makes a call malformed in one field. */
type Malformed = readonly Changes[];
/** Total: a field without a malformed request does not compile. */
type FieldsOf<Request> = Readonly<Record<keyof Required<Request>, Malformed>>;

const header = (name: string, ...values: readonly (string | undefined)[]): Malformed =>
  values.map((value) => ({ headers: { [name]: value } }));
const field = (name: string, ...values: readonly unknown[]): Malformed =>
  values.map((value) => ({ fields: { [name]: value } }));

const contentHeaders = {
  contentSha1: header('X-Bz-Content-Sha1', undefined, '', 'nonsense', 'a'.repeat(39), 'g'.repeat(40)),
  contentMd5: header('Content-MD5', 'nonsense', 'AAAA', `${'A'.repeat(22)}==AAAA`),
  serverSideEncryption: [
    ...header('X-Bz-Server-Side-Encryption', 'AES128', ''),
    ...header('X-Bz-Server-Side-Encryption-Customer-Algorithm', 'AES256', 'AES128'),
    ...header('X-Bz-Server-Side-Encryption-Customer-Key', 'A'.repeat(44)),
    ...header('X-Bz-Server-Side-Encryption-Customer-Key-Md5', 'A'.repeat(24)),
  ],
};

const fileHeaders: FieldsOf<UploadFileRequest> = {
  ...contentHeaders,
  fileName: header('X-Bz-File-Name', undefined, '', '%zz', '%ff', '%00', 'a'.repeat(1025)),
  contentType: header('Content-Type', undefined, '', 'text/\u00fcber'),
  fileInfo: [
    ...header('X-Bz-Info-a', '%zz', '%ff'),
    ...header('X-Bz-Info-b2-other', 'a'),
    ...header('X-Bz-Info-b2-expires', 'tomorrow'),
    ...header(`X-Bz-Info-${'k'.repeat(51)}`, 'a'),
    ...header('X-Bz-Info-a', 'x'.repeat(7_001)),
  ],
  customUploadTimestamp: header('X-Bz-Custom-Upload-Timestamp', '-1', 'soon', '1.5', '9'.repeat(17)),
  fileRetention: [
    ...header('X-Bz-File-Retention-Mode', 'forever', 'governance'),
    ...header('X-Bz-File-Retention-Retain-Until-Timestamp', 'soon', '1628942493000'),
  ],
  legalHold: header('X-Bz-File-Legal-Hold', 'ON', 'true'),
};

const partHeaders: FieldsOf<UploadPartRequest> = {
  ...contentHeaders,
  partNumber: header('X-Bz-Part-Number', undefined, '', '0', '10001', '1.5', '-1', 'one'),
};

const wrongTypes = [7, true, {}, []] as const;
const overrides = {
  b2CacheControl: field('b2CacheControl', 'a b', 'x\r\ny', ...wrongTypes),
  b2ContentDisposition: field('b2ContentDisposition', '', 'attachment; filename*0=a', ...wrongTypes),
  b2ContentEncoding: field('b2ContentEncoding', 'a b', ...wrongTypes),
  b2ContentLanguage: field('b2ContentLanguage', 'de DE', ...wrongTypes),
  b2ContentType: field('b2ContentType', '', 'a\r\nX-Evil: 1', ...wrongTypes),
  b2Expires: field('b2Expires', 'tomorrow', ...wrongTypes),
};
const downloadEncryption = [
  ...field('serverSideEncryption', 'AES256', { mode: 'SSE-D' }, { mode: 'SSE-C', algorithm: 'AES256' }, 7),
  ...header('X-Bz-Server-Side-Encryption-Customer-Algorithm', 'AES256'),
  ...header('X-Bz-Server-Side-Encryption-Customer-Key', 'nonsense'),
  ...header('X-Bz-Server-Side-Encryption-Customer-Key-Md5', 'nonsense'),
];
type ByIdFields = RequestOf<'b2_download_file_by_id'> & DownloadHeaders;
type ByNameFields = RequestOf<'b2_download_file_by_name'> & DownloadHeaders;

const byIdFields: FieldsOf<ByIdFields> = {
  ...overrides,
  serverSideEncryption: downloadEncryption,
  fileId: field('fileId', null, '', 'nonsense', ...wrongTypes),
};
const byNameFields: FieldsOf<ByNameFields> = {
  ...overrides,
  serverSideEncryption: downloadEncryption,
  bucketName: field('bucketName', null, ...wrongTypes),
  fileName: field('fileName', null, ...wrongTypes),
};

const malformed = {
  b2_upload_file: fileHeaders,
  b2_upload_part: partHeaders,
  b2_download_file_by_id: byIdFields,
  b2_download_file_by_name: byNameFields,
} satisfies Record<OperationNameOf<'upload' | 'download'>, unknown>;

/** Fields whose malformed values have a code of their own. */
const codes: Readonly<Record<string, B2ErrorCode>> = { customUploadTimestamp: 'custom_timestamp_invalid' };

const cases = Object.entries(malformed).flatMap(([name, fields]) =>
  Object.entries<Malformed>(fields).map(([fieldName, changes]) => [name as OperationName, fieldName, changes] as const),
);

describe('a malformed request', () => {
  it('is tried for each field of uploads and downloads here, of every other operation in the table of operations', () => {
    const others = operationNames.filter((name) => !Object.hasOwn(malformed, name));
    expect(others.every((name) => operations[name].kind === 'json')).toBe(true);
    for (const [, , changes] of cases) expect(changes.length).toBeGreaterThan(0);
  });

  it.each(cases)('%s refuses a malformed %s', async (name, fieldName, changes) => {
    const { server, attempts } = await open();
    const attempt = attempts[name]();
    const authorization = await attempt.authorizationOf({
      capabilities: ['readFiles', 'writeFiles', 'writeFileRetentions', 'writeFileLegalHolds'],
    });
    const code = codes[fieldName] ?? 'bad_request';
    for (const change of changes) {
      await server.refused(() => attempt.send(authorization, change), { status: 400, code });
    }
  });

  it('is one with a header twice', async () => {
    const { server } = await open();
    const bucketId = await server.createBucket('my-bucket');
    const { uploadUrl, authorizationToken } = await server.ok('b2_get_upload_url', { bucketId });
    const own = [
      ['Authorization', authorizationToken],
      ['X-Bz-File-Name', 'a'],
      ['Content-Type', 'text/plain'],
      ['X-Bz-Content-Sha1', 'do_not_verify'],
    ] as const;
    for (const twice of own.slice(1)) {
      const headers = [...own, twice];
      const send = () => server.send({ method: 'POST', target: new URL(uploadUrl).pathname, headers, body: 'x' });
      await server.refused(send, { status: 400, code: 'bad_request' });
    }
  });
});
