import {
  isSupportedName,
  refusedOperation,
  routes,
  s3OperationNames,
  s3Operations,
  type Level,
  type OperationRow,
  type S3OperationName,
} from '@coffer/s3-schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { handlers } from './operations/handlers.ts';
import { preparedServers, type PreparedServers } from './test-support/prepared-server.ts';
import { errorMessage, type Answer, type TestServer } from './test-support/test-server.ts';
import {
  buckets,
  requestOf,
  rowOf,
  signedNames,
  type SignedName,
  type ValidCall,
} from './test-support/valid-requests.ts';

let open: PreparedServers['open'];
beforeAll(async () => {
  ({ open } = await preparedServers());
});

/** On every answer; the last two on every document and on every object. */
const commonHeaders = ['x-amz-request-id', 'x-amz-id-2', 'cache-control', 'content-type', 'x-content-type-options'];

/** Checks that an answer is what its row says: the status, no other header, and a body of its kind. */
function expectAnswerOf(name: SignedName, answer: Answer) {
  const { status, headers, body } = rowOf(name).answer;
  expect([answer.status, answer.code]).toEqual([status, undefined]);
  const allowed = [...commonHeaders, ...headers.map((header) => header.toLowerCase())];
  const sent = answer.headers.pairs.map(([header]) => header.toLowerCase());
  const stored = name === 'GetObject' || name === 'HeadObject' ? ['x-amz-meta-colour'] : [];
  expect(sent.filter((header) => !allowed.includes(header))).toEqual(stored);
  expect(answer.xml !== undefined).toBe(body.kind === 'xml');
  if (body.kind === 'none') expect(answer.bytes.length).toBe(0);
}

describe('the table of operations', () => {
  it('has a handler for each row that is performed', () => {
    expect(signedNames.length).toBeGreaterThan(40);
    expect(Object.keys(handlers).sort()).toEqual(s3OperationNames.filter(isSupportedName).sort());
  });

  it.each(signedNames)('%s succeeds, and its answer is what its row says', async (name) => {
    const { server, calls } = await open();
    const answer = await server.send(requestOf(name, calls[name]));
    expectAnswerOf(name, answer);
    expect(server.events.at(-1)).toMatchObject({ operation: name, status: answer.status, errorCode: null });
    expect(server.errors).toEqual([]);
  });

  it.each(signedNames)('%s succeeds with a signature in its URL', async (name) => {
    const { server, calls } = await open();
    const request = requestOf(name, { ...calls[name], query: { ...calls[name].query, 'x-id': name } });
    const headers = { Host: 'localhost', ...request.headers };
    const answer = await server.sendRaw({ ...request, headers, target: server.presigned(request) });
    expectAnswerOf(name, answer);
    expect(server.events.at(-1)).toMatchObject({ operation: name, keyId: server.key.id });
  });
});

/** The parameters of a selector that mean the same with any value. */
const markers = (name: SignedName) =>
  (rowOf(name).selectedBy.query ?? []).filter((parameter) => !['uploadId', 'partNumber'].includes(parameter));
const marked = signedNames.filter((name) => markers(name).length > 0);

describe('the name of a sub-resource', () => {
  it.each(marked)('%s means the same with any value or none', async (name) => {
    for (const value of ['', 'null', 'nonsense']) {
      const { server, calls } = await open();
      const query = Object.fromEntries(markers(name).map((parameter) => [parameter, value]));
      const call: ValidCall = { ...calls[name], query: { ...calls[name].query, ...query } };
      expectAnswerOf(name, await server.send(requestOf(name, call)));
      expect(server.events.at(-1)).toMatchObject({ operation: name });
    }
  });
});

describe('what is refused', () => {
  let server: TestServer;
  let restricted: Awaited<ReturnType<TestServer['createKey']>>;
  beforeAll(async () => {
    ({ server } = await open());
    const other = await server.createBucket('bucket-other');
    restricted = await server.createKey(undefined, { bucketIds: [other] });
  });

  const refusedRows = s3OperationNames.flatMap((name) => {
    const row: OperationRow = s3Operations[name];
    return row.isSupported ? [] : row.methods.map((method) => ({ name, method, row }));
  });
  const place = (level: Level, bucket: string) => (level === 'object' ? `/${bucket}/in/kept` : `/${bucket}`);

  it.each(refusedRows)('$method of $name, with the code of its row', async ({ name, method, row }) => {
    const { query = [], header } = row.selectedBy;
    const parameters = query.length === 0 ? '' : `?${query.join('&')}`;
    const headers: Readonly<Record<string, string>> = header === undefined ? {} : { [header]: 'value' };
    const request = (bucket: string) => ({ method, target: place(row.level, bucket) + parameters, headers });
    const answer = await server.refused(request(buckets.full), { code: row.error });
    expect(errorMessage(answer)).toBe(refusedOperation(row, buckets.full).message);
    expect(server.events.at(-1)).toMatchObject({ operation: name satisfies S3OperationName });
    await server.refused({ ...request(buckets.full), key: null }, { code: 'AccessDenied' });
    await server.refused({ ...request('bucket-none'), key: null }, { code: 'AccessDenied' });
    await server.refused(request('bucket-none'), { code: 'NoSuchBucket' });
    await server.refused({ ...request(buckets.full), key: restricted }, { code: 'AccessDenied' });
    await server.refused({ ...request('bucket-none'), key: restricted }, { code: 'AccessDenied' });
  });

  const levels = { service: '/', bucket: `/${buckets.full}`, object: `/${buckets.full}/in/kept` } as const;
  const wrongMethods = (Object.keys(levels) as Level[]).flatMap((level) =>
    ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH', 'TRACE', 'get', 'constructor']
      .filter((method) => !Object.hasOwn(routes[level], method))
      .map((method) => ({ level, method })),
  );

  it.each(wrongMethods)('$method at the level of the $level', async ({ level, method }) => {
    const answer = await server.refused({ method, target: levels[level] }, { code: 'MethodNotAllowed' });
    expect(answer.headers.get('allow')).toBe([...Object.keys(routes[level]), 'OPTIONS'].join(', '));
  });

  it.each([
    ['DELETE', '/bucket-full?acl', 'MethodNotAllowed'],
    ['DELETE', '/bucket-full/in/kept?acl', 'MethodNotAllowed'],
    ['PUT', '/bucket-full/in/kept?uploads', 'MethodNotAllowed'],
    ['POST', '/bucket-full/in/kept', 'MethodNotAllowed'],
    ['PUT', '/bucket-full/in/kept?partNumber=1', 'InvalidArgument'],
    ['GET', '/bucket-full/%ff', 'InvalidURI'],
    ['GET', '/bucket-full/in/kept?versionId=%ff', 'InvalidURI'],
    ['PUT', '/bucket-full/a%00', 'InvalidArgument'],
    ['PUT', `/bucket-full/${'k'.repeat(1025)}`, 'KeyTooLongError'],
    ['GET', '/Bucket_Full', 'NoSuchBucket'],
    ['GET', '/b', 'NoSuchBucket'],
  ] as const)('%s %s: %s', async (method, target, code) => {
    await server.refused({ method, target }, { code });
  });

  it('an address that is not percent-encoded, before anybody is asked for a signature', async () => {
    for (const target of ['/bucket-full/a%zz', '/bucket-full/a%', '/bucket-full?prefix=%4'])
      await server.refused({ target, key: null }, { code: 'InvalidURI' });
  });
});
