import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SecretString } from '@coffer/bytes';
import { inspect } from 'node:util';
import { openS3BlobStore } from './open-s3-blob-store.ts';
import { contentOf, readAll, streamed } from './test-support/contents.ts';
import { failed, type PlayedAbilities, type PlayedRequest } from './test-support/played-bucket.ts';
import { PlayedStore, testAccessKey, testSecret, testStoreId, type PlayedFault } from './test-support/played-store.ts';

let played: PlayedStore;
const start = async (abilities: Partial<PlayedAbilities> = {}) => {
  played = await PlayedStore.start(abilities);
};
beforeEach(() => start());
afterEach(() => played.stop());

const markKey = 'place/store.json';
const isProbe = ({ key }: PlayedRequest) => key.startsWith('place/probes/');
const is = (method: string) => (request: PlayedRequest) => request.method === method && isProbe(request);

describe('the place', () => {
  test('an empty one becomes the store’s if it may, and is its own again', async () => {
    await expect(played.open({ create: false })).rejects.toThrow(/has no store yet/);
    await played.open();
    expect(JSON.parse(String(played.bucket.objects.get(markKey)?.bytes))).toEqual({
      storeId: testStoreId,
      formatVersion: 1,
      blobFormat: 1,
    });
    await played.open({ create: false });
    await played.open();
  });

  test('another store’s is refused, and says whose it is', async () => {
    await played.open({ storeId: 'f'.repeat(32) });
    await expect(played.open()).rejects.toThrow(/that of another store \(f{32}\): use another bucket or prefix/);
  });

  test('one that holds something else is refused', async () => {
    await played.open({ address: 's3://bucket/place/inner' });
    await expect(played.open()).rejects.toThrow(/is not empty and not this store's/);
    await played.open({ address: 's3://bucket/place2' });
  });

  test('several stores are in one bucket under prefixes, and do not see each other’s blobs', async () => {
    const one = await played.open({ address: 's3://bucket/one' });
    const two = await played.open({ address: 's3://bucket/two', storeId: '2'.repeat(32) });
    await one.write('a', streamed(contentOf(10)));
    expect(await two.list({ limit: 10 })).toEqual([]);
    expect(await readAll(one, 'a')).toEqual(contentOf(10));
  });

  const marks: Record<string, [string, RegExp]> = {
    'is no JSON': ['{', /is damaged/],
    'names no store': ['{"storeId":"x","formatVersion":1,"blobFormat":1}', /is damaged/],
    'is too long': [' '.repeat(2_000), /is damaged/],
    'is of a later version': [`{"storeId":"${testStoreId}","formatVersion":2,"blobFormat":1}`, /of format 2.1/],
    'is of another form of blobs': [`{"storeId":"${testStoreId}","formatVersion":1,"blobFormat":7}`, /of format 1.7/],
  };
  for (const [name, [text, message]] of Object.entries(marks))
    test(`a mark that ${name} is refused`, async () => {
      played.bucket.objects.set(markKey, { bytes: Buffer.from(text), etag: '"x"', metadata: {} });
      await expect(played.open()).rejects.toMatchObject({ name: 'StoreError', code: 'io', message });
    });

  test('of two that create a store there at once, one is told', async () => {
    const both = [played.open(), played.open({ storeId: 'e'.repeat(32) })];
    const results = await Promise.allSettled(both);
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(refusals.join('; ')).toMatch(/another store/);
  });
});

describe('one sentence says what is missing', () => {
  const cases: Record<string, [(request: PlayedRequest) => boolean, PlayedFault, RegExp]> = {
    'no bucket': [() => true, { kind: 'refuse', status: 404, code: 'NoSuchBucket' }, /the bucket does not exist/],
    'a wrong secret': [() => true, { kind: 'refuse', status: 403, code: 'SignatureDoesNotMatch' }, /check the access/],
    'another region': [() => true, { kind: 'refuse', status: 301, code: 'PermanentRedirect' }, /another region/],
    'no right to write': [is('PUT'), { kind: 'refuse', status: 403, code: 'AccessDenied' }, /at writing an object/],
    'no right to read': [is('GET'), { kind: 'refuse', status: 403, code: 'AccessDenied' }, /at reading an object/],
    'no right to delete': [is('DELETE'), { kind: 'refuse', status: 403, code: '' }, /at deleting an object/],
    'no right to multipart uploads': [is('POST'), { kind: 'refuse', status: 403, code: '' }, /an object in parts/],
    'no copies': [
      ({ headers }) => headers['x-amz-copy-source'] !== undefined,
      { kind: 'refuse', status: 501, code: 'NotImplemented' },
      /at copying an object: the store does not support/,
    ],
    'wrong ranges': [
      ({ headers }) => headers['range'] === 'bytes=10-19',
      { kind: 'answer', change: () => ({ status: 206, headers: { etag: '"x"' }, body: 'aaaaaaaaaa' }) },
      /does not answer requests for ranges/,
    ],
    'no metadata': [
      (request) => is('HEAD')(request),
      { kind: 'answer', change: () => ({ status: 200, headers: { etag: '"x"' }, body: 'a'.repeat(100) }) },
      /does not keep the length or the metadata/,
    ],
    'no space': [is('PUT'), { kind: 'refuse', status: 403, code: 'QuotaExceeded' }, /no space left/],
  };
  for (const [name, [which, fault, message]] of Object.entries(cases))
    test(name, async () => {
      played.once(which, fault, Infinity);
      await expect(played.open()).rejects.toMatchObject({ name: 'StoreError', message });
    });

  test('nobody at the endpoint', async () => {
    const options = { endpoint: 'http://127.0.0.1:1' };
    await expect(played.open(options)).rejects.toThrow(/cannot be reached.*\(ECONNREFUSED\)/);
  });

  test('a default retention', async () => {
    await played.stop();
    await start({ retention: true });
    await expect(played.open()).rejects.toThrow(/default retention, so that nothing could be deleted/);
  });
});

describe('what the store does is found out', () => {
  test('everything', async () => {
    const store = await played.open();
    expect(store.abilities).toEqual({
      conditionalPut: true,
      conditionalComplete: true,
      checksums: true,
      listsUploads: true,
      versions: false,
    });
    expect(store.warnings).toEqual([]);
    expect([...played.bucket.objects.keys()]).toEqual([markKey]);
    expect(played.bucket.uploads.size).toBe(0);
  });

  test('nothing that can be done without', async () => {
    await played.stop();
    await start({ conditions: false, checksums: false, uploadLists: false, versioning: 'Suspended' });
    const store = await played.open();
    expect(store.abilities).toEqual({
      conditionalPut: false,
      conditionalComplete: false,
      checksums: false,
      listsUploads: false,
      versions: true,
    });
    expect(store.warnings.join('\n')).toMatch(/old versions.*\n.*does not refuse to replace.*\n.*does not list/);
    await store.write('a', streamed(contentOf(10)));
    await expect(store.write('a', streamed(contentOf(10)))).rejects.toMatchObject({ code: 'blob_exists' });
    expect(played.requests.some(({ headers }) => headers['x-amz-checksum-crc32'] !== undefined)).toBe(true);
  });

  test('a condition that is refused as such', async () => {
    played.fault = ({ headers }) =>
      headers['if-none-match'] === undefined ? undefined : { kind: 'refuse', status: 501, code: 'NotImplemented' };
    const { abilities } = await played.open();
    expect(abilities).toMatchObject({ conditionalPut: false, conditionalComplete: false });
    expect([...played.bucket.objects.keys()]).toEqual([markKey]);
    expect(played.bucket.uploads.size).toBe(0);
  });
});

describe('opening survives one fault, whichever request meets it', () => {
  const faults: PlayedFault[] = [
    { kind: 'cut' },
    { kind: 'lose' },
    { kind: 'fail', status: 500, code: 'InternalError' },
    { kind: 'refuse', status: 503, code: 'SlowDown' },
  ];
  for (const fault of faults)
    test(JSON.stringify(fault), async () => {
      const { abilities } = await played.open();
      const requests = played.requests.length;
      expect(requests).toBeGreaterThan(20);
      for (let nth = 0; nth < requests; nth++) {
        played.bucket.objects.clear();
        let seen = 0;
        played.fault = () => (seen++ === nth ? fault : undefined);
        const store = await played.open();
        expect(store.abilities, `request ${nth}`).toEqual(abilities);
        expect([...played.bucket.objects.keys()], `request ${nth}`).toEqual([markKey]);
      }
    });
});

test('the state is asked for, and says since when', async () => {
  let now = 1_000;
  const clock = { now: () => now, elapsed: () => ({ boot: 'test', milliseconds: now }) };
  const store = await played.open({ clock });
  expect(store.state()).toEqual({ state: 'ready', since: 1_000, reason: undefined });
  now = 2_000;
  played.fault = () => ({ kind: 'cut' });
  expect(await store.check()).toMatchObject({ state: 'unreachable', since: 2_000 });
  now = 3_000;
  expect(await store.check()).toMatchObject({ state: 'unreachable', since: 2_000 });
  played.fault = () => ({ kind: 'refuse', status: 403, code: 'InvalidAccessKeyId' });
  expect(await store.check()).toMatchObject({ state: 'denied', since: 3_000 });
  now = 4_000;
  played.fault = () => undefined;
  expect(await store.check()).toEqual({ state: 'ready', since: 4_000, reason: undefined });
});

test('no error says a key, whatever the store quotes', async () => {
  const quoting = failed(403, 'SignatureDoesNotMatch');
  const body = String(quoting.body).replace(
    '</Error>',
    `<AWSAccessKeyId>${testAccessKey}</AWSAccessKeyId><Message>${testAccessKey} ${testSecret}</Message>` +
      `<StringToSign>${testSecret}</StringToSign></Error>`,
  );
  const store = await played.open();
  await store.write('a', streamed(contentOf(10)));
  played.fault = () => ({ kind: 'answer', change: () => ({ ...quoting, body }) });
  const errors = await Promise.all(
    [
      () => store.write('b', streamed(contentOf(10))),
      () => store.size('a'),
      () => store.read('a'),
      () => store.delete('a'),
      () => store.list({ limit: 1 }),
      () => store.quarantine('a', 1),
      () => store.sweep(),
      () => played.open(),
    ].map((call) => call().then(String, (error: unknown) => error)),
  );
  const shown = inspect([errors, store, store.state()], { depth: 20, showHidden: true });
  expect(errors.every((error) => error instanceof Error)).toBe(true);
  expect(shown).toContain('SignatureDoesNotMatch');
  for (const secret of [testAccessKey, testSecret]) expect(shown.includes(secret)).toBe(false);
});

test('options that are none are refused, and name the option', async () => {
  const options = {
    address: 's3://bucket',
    storeId: testStoreId,
    endpoint: played.url,
    credentials: { accessKeyId: testAccessKey, secretAccessKey: SecretString.of(testSecret) },
  };
  const wrong: [object, RegExp][] = [
    [{ address: 'bucket' }, /address/],
    [{ storeId: 'x' }, /store id/],
    [{ partSize: 1_000 }, /partSize/],
    [{ memory: 1_000 }, /memory/],
    [{ copySize: 1_000 }, /copySize/],
    [{ limits: { idle: 0 } }, /limit idle/],
    [{ endpoint: 'store.example' }, /endpoint/],
    [{ endpoint: 'ftp://store.example' }, /endpoint/],
    [{ endpoint: 'https://key:secret@store.example' }, /endpoint/],
  ];
  for (const [part, message] of wrong)
    await expect(openS3BlobStore({ ...options, ...part }), String(message)).rejects.toThrow(message);
});
