import { fixedClock, type FixedClock } from '@coffer/storage-testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { childText, TestServer, type Answer, type ServerRequest } from './test-support/test-server.ts';

const day = 24 * 60 * 60 * 1_000;
let clock: FixedClock;
let server: TestServer;
beforeEach(async () => {
  clock = fixedClock(1_700_000_000_000);
  server = await TestServer.inMemory({ clock });
  await server.storage.clock.keep();
  await server.createBucket('locked', { 'x-amz-bucket-object-lock-enabled': 'true' });
  await server.createBucket('plain-bucket');
});

const inDays = (days: number) => new Date(clock.now() + days * day).toISOString();
const configuration = (inner: string) =>
  `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>${inner}</ObjectLockConfiguration>`;
const defaultOf = (inner: string) => configuration(`<Rule><DefaultRetention>${inner}</DefaultRetention></Rule>`);
const put = (name: string, headers: Readonly<Record<string, string>> = {}) =>
  server.ok({ method: 'PUT', target: `/locked/${name}`, body: 'x', headers: { ...integrity, ...headers } });
/** A body with a lock needs a checksum. */
const integrity = { 'Content-MD5': 'ndTkYSaMgDT1yFZOFVxnpg==' };
const locking = (mode: string, until: string) => ({
  'x-amz-object-lock-mode': mode,
  'x-amz-object-lock-retain-until-date': until,
});
const retention = (mode: string, until: string) =>
  `<Retention><Mode>${mode}</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`;
const retaining = (body: string, headers: Readonly<Record<string, string>> = {}, name = 'a'): ServerRequest => ({
  method: 'PUT',
  target: `/locked/${name}?retention`,
  body,
  headers,
});
const holding = (status: string, target = '/locked/a'): ServerRequest => ({
  method: 'PUT',
  target: `${target}?legal-hold`,
  body: `<LegalHold><Status>${status}</Status></LegalHold>`,
});
const bypass = { 'x-amz-bypass-governance-retention': 'true' };
const versionOf = ({ headers }: Answer) => headers.get('x-amz-version-id') ?? '';
const deleting = (versionId: string, headers: Readonly<Record<string, string>> = {}): ServerRequest => ({
  method: 'DELETE',
  target: `/locked/a?versionId=${versionId}`,
  headers,
});
const protectedByLock = {
  code: 'AccessDenied',
  message: 'Access Denied because object protected by object lock.',
} as const;

describe('the lock of a bucket', () => {
  it('is there from its making on, or is turned on later', async () => {
    const shown = await server.ok({ target: '/locked?object-lock' });
    expect(shown.text).toContain('<ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>');
    await server.refused(
      { target: '/plain-bucket?object-lock' },
      {
        code: 'ObjectLockConfigurationNotFoundError',
        message: 'Object Lock configuration does not exist for this bucket',
      },
    );
    const setting = { method: 'PUT', target: '/plain-bucket?object-lock' };
    await server.ok({ ...setting, body: defaultOf('<Mode>COMPLIANCE</Mode><Years>1</Years>') });
    const later = await server.ok({ target: '/plain-bucket?object-lock' });
    expect(later.text).toContain('<Mode>COMPLIANCE</Mode><Years>1</Years>');
    await server.ok({ ...setting, body: later.text });
    await server.ok({ ...setting, body: configuration('') });
    expect((await server.ok({ target: '/plain-bucket?object-lock' })).text).not.toContain('<Rule>');
  });

  it.each([
    ['', 'MalformedXML'],
    ['<ObjectLockConfiguration/>', 'MalformedXML'],
    [defaultOf('<Mode>GOVERNANCE</Mode>'), 'MalformedXML'],
    [defaultOf('<Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years>'), 'MalformedXML'],
    [defaultOf('<Mode>OTHER</Mode><Days>1</Days>'), 'MalformedXML'],
    [defaultOf('<Days>1</Days>'), 'MalformedXML'],
    [defaultOf('<Mode>GOVERNANCE</Mode><Days>0</Days>'), 'InvalidArgument'],
    [defaultOf('<Mode>GOVERNANCE</Mode><Years>1000</Years>'), 'InvalidArgument'],
  ] as const)('is not %s', async (body, code) => {
    await server.refused({ method: 'PUT', target: '/locked?object-lock', body }, { code });
  });

  it('gives its default to objects that ask for nothing', async () => {
    const body = defaultOf('<Mode>GOVERNANCE</Mode><Days>2</Days>');
    await server.ok({ method: 'PUT', target: '/locked?object-lock', body });
    await put('a');
    const { headers } = await server.ok({ method: 'HEAD', target: '/locked/a' });
    expect(headers.get('x-amz-object-lock-mode')).toBe('GOVERNANCE');
    expect(headers.get('x-amz-object-lock-retain-until-date')).toBe(inDays(2));
    await put('a', locking('COMPLIANCE', inDays(1)));
    const own = await server.ok({ target: '/locked/a' });
    expect(own.headers.get('x-amz-object-lock-mode')).toBe('COMPLIANCE');
  });
});

describe('the headers of an upload', () => {
  const message = 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied';
  const mode = 'x-amz-object-lock-mode';
  const until = 'x-amz-object-lock-retain-until-date';
  it.each([
    [{ [mode]: 'GOVERNANCE' }, 'InvalidArgument', message],
    [{ [until]: '2030-01-01T00:00:00Z' }, 'InvalidArgument', message],
    [{ [mode]: 'OTHER', [until]: '2030-01-01T00:00:00Z' }, 'InvalidArgument', 'Unknown wormMode directive.'],
    [
      { [mode]: 'GOVERNANCE', [until]: '2020-01-01T00:00:00Z' },
      'InvalidArgument',
      'The retain until date must be in the future!',
    ],
    [{ [mode]: 'GOVERNANCE', [until]: 'tomorrow' }, 'InvalidArgument', /./],
    [{ 'x-amz-object-lock-legal-hold': 'on' }, 'InvalidArgument', /./],
  ] as const)('%j lock nothing', async (headers, code, why) => {
    for (const request of [
      { method: 'PUT', target: '/locked/a', body: 'x', headers: { ...integrity, ...headers } },
      { method: 'POST', target: '/locked/a?uploads', headers },
    ]) {
      await server.refused(request, { code, message: why });
    }
  });

  it('need a bucket with a lock, and a checksum of what is locked', async () => {
    const headers = locking('GOVERNANCE', inDays(1));
    const elsewhere = { method: 'PUT', target: '/plain-bucket/a', body: 'x', headers: { ...integrity, ...headers } };
    const missing = { code: 'InvalidRequest', message: 'Bucket is missing Object Lock Configuration' } as const;
    await server.refused(elsewhere, missing);
    await server.refused({ ...elsewhere, headers: { ...integrity, 'x-amz-object-lock-legal-hold': 'ON' } }, missing);
    await server.refused(
      { method: 'PUT', target: '/locked/a', body: 'x', headers },
      {
        code: 'InvalidRequest',
        message:
          'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
      },
    );
  });

  it('lock copies and uploads in parts, too; a copy takes no lock from its source', async () => {
    await put('a', { ...locking('GOVERNANCE', inDays(1)), 'x-amz-object-lock-legal-hold': 'ON' });
    const copying = { method: 'PUT', target: '/locked/copy', headers: { 'x-amz-copy-source': '/locked/a' } };
    await server.ok(copying);
    const free = await server.ok({ method: 'HEAD', target: '/locked/copy' });
    const lockNames = ['mode', 'retain-until-date', 'legal-hold'].map((name) => `x-amz-object-lock-${name}`);
    expect(lockNames.map((name) => free.headers.get(name))).toEqual([undefined, undefined, undefined]);
    await server.ok({ ...copying, headers: { ...copying.headers, ...locking('COMPLIANCE', inDays(3)) } });
    const own = await server.ok({ method: 'HEAD', target: '/locked/copy' });
    expect(lockNames.map((name) => own.headers.get(name))).toEqual(['COMPLIANCE', inDays(3), undefined]);
    const headers = { ...locking('GOVERNANCE', inDays(4)), 'x-amz-object-lock-legal-hold': 'ON' };
    const begun = await server.ok({ method: 'POST', target: '/locked/b?uploads', headers });
    const target = `/locked/b?uploadId=${childText(begun.xml, 'UploadId')}`;
    const part = await server.ok({ method: 'PUT', target: `${target}&partNumber=1`, body: 'x' });
    const etag = part.headers.get('etag') ?? '';
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
    await server.ok({ method: 'POST', target, body });
    const done = await server.ok({ method: 'HEAD', target: '/locked/b' });
    expect(lockNames.map((name) => done.headers.get(name))).toEqual(['GOVERNANCE', inDays(4), 'ON']);
  });
});

describe('retention', () => {
  it('is set, shown and lengthened; governance is shortened or removed only by a bypass', async () => {
    const versionId = versionOf(await put('a'));
    await server.refused(
      { target: '/locked/a?retention' },
      {
        code: 'NoSuchObjectLockConfiguration',
        message: 'The specified object does not have a ObjectLock configuration',
      },
    );
    await server.ok(retaining(retention('GOVERNANCE', inDays(2))));
    const shown = await server.ok({ target: `/locked/a?retention&versionId=${versionId}` });
    expect(shown.xml?.name).toBe('Retention');
    expect([childText(shown.xml, 'Mode'), childText(shown.xml, 'RetainUntilDate')]).toEqual(['GOVERNANCE', inDays(2)]);
    await server.ok(retaining(retention('GOVERNANCE', inDays(3))));
    await server.refused(retaining(retention('GOVERNANCE', inDays(1))), protectedByLock);
    await server.refused(retaining('<Retention/>'), protectedByLock);
    await server.refused(deleting(versionId), protectedByLock);
    await server.ok(retaining(retention('GOVERNANCE', inDays(1)), bypass));
    await server.ok(retaining('<Retention/>', bypass));
    await server.refused({ target: '/locked/a?retention' }, { code: 'NoSuchObjectLockConfiguration' });
    await server.ok(deleting(versionId));
  });

  it('of compliance is only lengthened, by whomever', async () => {
    const versionId = versionOf(await put('a', locking('COMPLIANCE', inDays(2))));
    for (const body of [retention('COMPLIANCE', inDays(1)), retention('GOVERNANCE', inDays(3)), '<Retention/>']) {
      for (const headers of [{}, bypass]) await server.refused(retaining(body, headers), protectedByLock);
    }
    await server.refused(deleting(versionId, bypass), protectedByLock);
    await server.ok(retaining(retention('COMPLIANCE', inDays(3))));
    // The object itself can be hidden and overwritten, as that takes nothing away.
    await server.ok({ method: 'DELETE', target: '/locked/a' });
    await put('a');
    clock.advance(4 * day);
    await server.storage.clock.keep();
    await server.ok(deleting(versionId));
  });

  it('by governance is bypassed only by a key that may', async () => {
    const versionId = versionOf(await put('a', locking('GOVERNANCE', inDays(2))));
    const key = await server.createKey(['deleteFiles', 'writeFileRetentions', 'readFileRetentions']);
    await server.refused({ ...deleting(versionId, bypass), key }, { code: 'AccessDenied' });
    await server.refused({ ...retaining('<Retention/>', bypass), key }, { code: 'AccessDenied' });
    await server.refused({ ...deleting(versionId), key }, protectedByLock);
    expect((await server.ok(deleting(versionId, bypass))).status).toBe(204);
  });

  it.each([
    ['', 'MalformedXML'],
    ['<Retention><Mode>GOVERNANCE</Mode></Retention>', 'MalformedXML'],
    ['<Retention><RetainUntilDate>2030-01-01T00:00:00Z</RetainUntilDate></Retention>', 'MalformedXML'],
    [retention('governance', '2030-01-01T00:00:00Z'), 'MalformedXML'],
    [retention('GOVERNANCE', 'tomorrow'), 'MalformedXML'],
    [retention('GOVERNANCE', '2020-01-01T00:00:00Z'), 'InvalidArgument'],
  ] as const)('is not %s', async (body, code) => {
    await put('a');
    await server.refused(retaining(body), { code });
  });

  it('needs an object, and a bucket with a lock', async () => {
    await server.ok({ method: 'PUT', target: '/plain-bucket/a', body: 'x' });
    const missing = { code: 'InvalidRequest', message: 'Bucket is missing Object Lock Configuration' } as const;
    for (const name of ['retention', 'legal-hold']) {
      await server.refused({ target: `/plain-bucket/a?${name}` }, missing);
      await server.refused({ target: `/locked/none?${name}` }, { code: 'NoSuchKey' });
    }
    await server.refused(retaining(retention('GOVERNANCE', inDays(1)), {}, 'none'), { code: 'NoSuchKey' });
    await server.refused(holding('ON', '/plain-bucket/a'), missing);
    const bypassed = { method: 'DELETE', target: '/plain-bucket/a', headers: bypass };
    await server.refused(bypassed, {
      code: 'InvalidArgument',
      message: 'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
    });
  });

  it('stands in the way of deleting several objects at once, each for itself', async () => {
    const locked = versionOf(await put('a', locking('GOVERNANCE', inDays(2))));
    const free = versionOf(await put('b'));
    const entry = (key: string, id: string) => `<Object><Key>${key}</Key><VersionId>${id}</VersionId></Object>`;
    const body = `<Delete>${entry('a', locked)}${entry('b', free)}</Delete>`;
    const request = { method: 'POST', target: '/locked?delete', body };
    const { text } = await server.ok(request);
    expect(text).toContain(`<Error><Key>a</Key><VersionId>${locked}</VersionId><Code>AccessDenied</Code>`);
    expect(text).toContain(`<Deleted><Key>b</Key><VersionId>${free}</VersionId></Deleted>`);
    expect((await server.ok({ ...request, headers: bypass })).text).not.toContain('<Error>');
  });
});

describe('a legal hold', () => {
  it('keeps a version until it is released, whatever the key may do', async () => {
    const versionId = versionOf(await put('a'));
    await server.refused({ target: '/locked/a?legal-hold' }, { code: 'NoSuchObjectLockConfiguration' });
    await server.ok(holding('ON'));
    expect(childText((await server.ok({ target: '/locked/a?legal-hold' })).xml, 'Status')).toBe('ON');
    const { headers } = await server.ok({ method: 'HEAD', target: '/locked/a' });
    expect(headers.get('x-amz-object-lock-legal-hold')).toBe('ON');
    await server.refused(deleting(versionId, bypass), protectedByLock);
    await server.ok(holding('OFF'));
    expect(childText((await server.ok({ target: '/locked/a?legal-hold' })).xml, 'Status')).toBe('OFF');
    await server.ok(deleting(versionId));
    for (const status of ['on', '', 'MAYBE']) await server.refused(holding(status), { code: 'MalformedXML' });
  });

  it('and retention are shown to keys that may see them only', async () => {
    await put('a', { ...locking('GOVERNANCE', inDays(2)), 'x-amz-object-lock-legal-hold': 'ON' });
    const shown = async (...rights: readonly string[]) => {
      const key = await server.createKey(['readFiles', ...rights]);
      const { headers } = await server.ok({ target: '/locked/a', key });
      return ['mode', 'legal-hold'].map((name) => headers.get(`x-amz-object-lock-${name}`));
    };
    expect(await shown()).toEqual([undefined, undefined]);
    expect(await shown('readFileRetentions')).toEqual(['GOVERNANCE', undefined]);
    expect(await shown('readFileLegalHolds')).toEqual([undefined, 'ON']);
  });

  it('and retention are shown in a public bucket only to keys that reach the object', async () => {
    await server.ok({ method: 'PUT', target: '/locked?acl', headers: { 'x-amz-acl': 'public-read' } });
    await put('a', { 'x-amz-object-lock-legal-hold': 'ON' });
    const { bucketId } = await server.storage.buckets.getByName('locked');
    const shownTo = async (restriction: Parameters<TestServer['createKey']>[1]) => {
      const key = await server.createKey(['readFiles', 'readFileLegalHolds'], restriction);
      return (await server.ok({ target: '/locked/a', key })).headers.get('x-amz-object-lock-legal-hold');
    };
    expect(await shownTo({ bucketIds: [bucketId] })).toBe('ON');
    const { bucketId: other } = await server.storage.buckets.getByName('plain-bucket');
    expect(await shownTo({ bucketIds: [other] })).toBeUndefined();
    expect(await shownTo({ bucketIds: [bucketId], namePrefix: 'b' })).toBeUndefined();
    expect(
      await shownTo({ accountId: (await server.storage.accounts.create({ name: 'another' })).accountId }),
    ).toBeUndefined();
  });
});
