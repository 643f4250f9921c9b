import { operationNames, operations, overrideNames, type OperationRow } from '@coffer/b2-schema';
import fc from 'fast-check';
import type { RawRequest } from './raw-http.ts';
import { oddText, oneLine } from './odd-text.ts';
import { customerKey, customerKeyMd5, type Stage } from './stage.ts';

const rows: readonly OperationRow[] = Object.values(operations);
const fieldNames = [...new Set(rows.flatMap((row) => (row.kind === 'upload' ? [] : Object.keys(row.request.shape))))];

/** Fields, names and tokens that exist, so that garbage gets past the first check. */
function known(stage: Stage): fc.Arbitrary<string> {
  const { accountId, bucketId, bucketName, fileId, largeFileId, token, uploadToken, partToken } = stage;
  const cut = fc
    .tuple(fc.constantFrom(token, uploadToken, partToken), fc.nat(200), fc.string({ maxLength: 2 }))
    .map(([whole, at, with_]) => whole.slice(0, at) + with_ + whole.slice(at + 1));
  return fc.oneof(
    fc.constantFrom(accountId, bucketId, bucketName, fileId, largeFileId, token, uploadToken, partToken, 'a/file.txt'),
    cut,
  );
}

/** The value of each field in a valid request. */
function decentValues(stage: Stage): Readonly<Record<string, unknown>> {
  const { accountId, bucketId, bucketName, fileId, largeFileId } = stage;
  const sseC = { mode: 'SSE-C', algorithm: 'AES256', customerKey, customerKeyMd5 };
  return {
    ...{ accountId, bucketId, bucketName, fileId, largeFileId, sourceFileId: fileId, startFileId: fileId },
    ...{
      fileName: 'a/file.txt',
      startFileName: 'a',
      prefix: 'a',
      namePrefix: 'a',
      fileNamePrefix: 'a',
      delimiter: '/',
    },
    ...{ contentType: 'text/plain', fileInfo: { a: 'b' }, partNumber: 1, startPartNumber: 1, maxPartCount: 1 },
    ...{ maxFileCount: 1, maxKeyCount: 1, range: 'bytes=0-1', metadataDirective: 'REPLACE', bucketType: 'allPrivate' },
    ...{ serverSideEncryption: sseC, sourceServerSideEncryption: sseC, destinationServerSideEncryption: sseC },
    ...{
      defaultServerSideEncryption: { mode: 'SSE-B2', algorithm: 'AES256' },
      capabilities: ['listFiles'],
      keyName: 'k',
    },
    ...{ partSha1Array: ['a'.repeat(40)], validDurationInSeconds: 10, bucketIds: [bucketId], bucketTypes: ['all'] },
  };
}

/** A valid request in which one or two fields are replaced by odd values. */
function almostDecent(stage: Stage, odd: fc.Arbitrary<unknown>): fc.Arbitrary<{ name: string; body: string }> {
  const values = decentValues(stage);
  const json = rows.filter((row) => row.kind !== 'upload');
  return fc.constantFrom(...json).chain((row) => {
    const names = Object.keys(row.request.shape);
    const decent = Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));
    const changes =
      names.length === 0 ? fc.constant({}) : fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 2 });
    const kept = fc.subarray(Object.keys(decent), { minLength: Math.max(0, Object.keys(decent).length - 3) });
    return fc.tuple(changes, kept).map(([changed, keep]) => ({
      name: row.name,
      body: JSON.stringify({ ...Object.fromEntries(keep.map((name) => [name, decent[name]])), ...changed }),
    }));
  });
}

/** Requests of B2, mostly nearly valid ones. */
export function garbage(stage: Stage): fc.Arbitrary<RawRequest> {
  const value = fc.oneof(
    known(stage),
    oddText,
    fc.jsonValue({ maxDepth: 2 }),
    fc.integer(),
    fc.constantFrom(-0, 1e308),
  );
  const fieldName = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...fieldNames) }, oddText);
  const fields = fc.dictionary(fieldName, value, { maxKeys: 6 });
  const version = fc.oneof({ weight: 8, arbitrary: fc.constantFrom('v1', 'v2', 'v3', 'v4') }, oddText);
  const operation = fc.oneof({ weight: 12, arbitrary: fc.constantFrom<string>(...operationNames) }, oddText);
  const text = fc.oneof(known(stage), oddText);
  const query = fc
    .array(fc.tuple(fc.constantFrom(...fieldNames, ...overrideNames, 'Authorization'), text), { maxLength: 4 })
    .map((pairs) => pairs.map(([name, field]) => `${name}=${field}`).join('&'));
  const api = fc
    .tuple(version, operation, query)
    .map(([v, name, q]) => `/b2api/${v}/${name}${q === '' ? '' : `?${q}`}`);
  const target = fc.oneof(
    { weight: 6, arbitrary: api },
    fc.tuple(text, text, query).map(([bucket, name, q]) => `/file/${bucket}/${name}?${q}`),
    fc.constantFrom(stage.uploadTarget, stage.partTarget, `${stage.uploadTarget}/x`, stage.partTarget.slice(0, -9)),
    oddText.map((path) => `/${path}`),
    fc.constantFrom('*', 'http://other.test/b2api/v3/b2_list_buckets', '/b2api', '/b2api/v3/', '//', '/file', '/file/'),
  );
  const body = fc.oneof(
    { weight: 5, arbitrary: fields.map((all) => Buffer.from(JSON.stringify(all)).toString('latin1')) },
    fc.string({ unit: 'binary-ascii', maxLength: 60 }),
    fc.constantFrom('{', '[]', 'null', '"x"', '{"a":1}{"b":2}', '{"a":1,"a":2}', '['.repeat(20_000), '\u00ff\u00fe'),
  );
  const decent = almostDecent(stage, value).chain(({ name, body: json }) =>
    withLength({
      method: 'POST',
      target: `/b2api/v4/${name}`,
      headers: [['Authorization', stage.token]],
      body: Buffer.from(json).toString('latin1'),
    }),
  );
  const upload = fc.tuple(fc.boolean(), headers(stage, text)).chain(([part, [, ...rest]]) =>
    withLength({
      method: 'POST',
      target: part ? stage.partTarget : stage.uploadTarget,
      headers: [
        ['Authorization', part ? stage.partToken : stage.uploadToken],
        ...(part ? [['X-Bz-Part-Number', '1'] as const] : [['X-Bz-File-Name', 'a/new'] as const]),
        ['X-Bz-Content-Sha1', 'do_not_verify'],
        ['Content-Type', 'b2/x-auto'],
        ...rest,
      ],
      body: 'some data',
    }),
  );
  const whole = fc
    .record({
      method: fc.oneof(
        { weight: 10, arbitrary: fc.constantFrom('POST', 'GET', 'HEAD') },
        fc.constantFrom('PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'),
      ),
      target: target.map(oneLine),
      headers: headers(stage, text),
      body,
    })
    .chain((request) => withLength(request));
  return fc.oneof({ weight: 2, arbitrary: whole }, { weight: 2, arbitrary: decent }, upload);
}

const headerNames = [
  ...['X-Bz-File-Name', 'X-Bz-Part-Number', 'X-Bz-Content-Sha1', 'Content-Type', 'Content-MD5', 'Range', 'Expect'],
  ...['X-Bz-Server-Side-Encryption', 'X-Bz-Server-Side-Encryption-Customer-Algorithm'],
  ...['X-Bz-Server-Side-Encryption-Customer-Key', 'X-Bz-Server-Side-Encryption-Customer-Key-Md5'],
  ...['X-Bz-Info-a', 'X-Bz-Info-b2-expires', 'X-Bz-Info-b2-content-disposition', 'X-Bz-Info-', 'X-Bz-Test-Mode'],
  ...['X-Bz-Custom-Upload-Timestamp', 'X-Bz-File-Legal-Hold', 'X-Bz-File-Retention-Mode', 'Origin', 'Cookie'],
  ...['X-Bz-File-Retention-Retain-Until-Timestamp', 'Authorization', 'Transfer-Encoding', 'X-Odd'],
];

function headers(stage: Stage, text: fc.Arbitrary<string>): fc.Arbitrary<[string, string][]> {
  const authorization = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(stage.token, stage.uploadToken, stage.partToken) },
    text,
  );
  const more = fc.array(fc.tuple(fc.constantFrom(...headerNames), text.map(oneLine)), { maxLength: 5 });
  return fc.tuple(authorization, more).map(([token, rest]) => [['Authorization', oneLine(token)], ...rest]);
}

/** Adds a length: mostly the right one, sometimes none or a wrong one. Each request has a connection of its own. */
function withLength(request: RawRequest): fc.Arbitrary<RawRequest> {
  const honest = String(request.body.length);
  return fc
    .oneof(
      { weight: 12, arbitrary: fc.constant(honest) },
      fc.constantFrom(undefined, '-1', 'x', '0', '99999999999999999999'),
    )
    .map((length) => ({
      ...request,
      headers: [
        ['Host', 'coffer.test'],
        ['Connection', 'close'],
        ...(length === undefined ? [] : [['Content-Length', length] as const]),
        ...request.headers,
      ],
    }));
}
