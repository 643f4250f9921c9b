import { describe, expect, it } from 'vitest';
import { TestServer, type Answer } from './test-support/test-server.ts';

const start = 1_700_000_000_000;
const day = 86_400_000;
const none = { mode: null, retainUntilTimestamp: null };
const byDefault = { mode: 'governance', retainUntilTimestamp: start + 3 * day };
const defaultRetention = { mode: 'governance', period: { duration: 3, unit: 'days' } };
const inPast = {
  status: 400,
  code: 'retain_until_timestamp_must_be_in_future',
  message: 'The retainUntilTimestamp must be in future',
} as const;
const tooLong = { status: 400, code: 'bad_request', message: 'A retention lasts no longer than 3000 days' } as const;
const missingLock = {
  status: 400,
  code: 'bucket_missing_file_lock',
  message: 'The bucket is not file lock enabled',
} as const;
const unauthorized = { status: 401, code: 'unauthorized' } as const;

type Ask = (fields: object, token?: string) => Promise<Answer<{ fileRetention: { value: unknown } }>>;

/** The operations that take a retention for a new file in JSON. */
async function makers(server: TestServer, bucketId: string): Promise<Readonly<Record<string, Ask>>> {
  const sourceFileId = (await server.upload(await server.createBucket('source'), 'source', 'x')).json.fileId;
  const copied = { sourceFileId, fileName: 'copy', destinationBucketId: bucketId };
  const started = { bucketId, fileName: 'large', contentType: 'a/b' };
  const by = (token: string | undefined) => (token === undefined ? {} : { token });
  return {
    b2_start_large_file: (fields, token) => server.call('b2_start_large_file', { ...started, ...fields }, by(token)),
    b2_copy_file: (fields, token) => server.call('b2_copy_file', { ...copied, ...fields }, by(token)),
  };
}

const retained = (mode: string, after: number) => ({ mode, retainUntilTimestamp: start + after });
const wishes = [
  ['none', none, none],
  ['none without a timestamp', { mode: null }, none],
  ['the mode none', { mode: 'none' }, none],
  ['a retention of a millisecond', retained('governance', 1), 'as asked'],
  ['one that ends now', retained('governance', 0), inPast],
  ['one in the past', retained('compliance', -day), inPast],
  ['the longest', retained('compliance', 3_000 * day), 'as asked'],
  ['a longer one', retained('governance', 3_000 * day + 1), tooLong],
  ['one as good as without end', { mode: 'compliance', retainUntilTimestamp: Number.MAX_SAFE_INTEGER }, tooLong],
] as const;

async function expectOutcome(
  server: TestServer,
  send: () => Promise<Answer<{ fileRetention: { value: unknown } }>>,
  outcome: object,
): Promise<void> {
  if ('status' in outcome) await server.refused(send as () => Promise<Answer>, outcome as typeof inPast);
  else expect((await send()).json.fileRetention.value).toEqual(outcome);
}

describe('a new file in a bucket with a default retention', () => {
  it.each(wishes)('that asks for %s', async (_, fileRetention, outcome) => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    await server.ok('b2_update_bucket', { bucketId, defaultRetention });
    for (const ask of Object.values(await makers(server, bucketId))) {
      await expectOutcome(server, () => ask({}), byDefault);
      await expectOutcome(server, () => ask({ fileRetention }), outcome === 'as asked' ? fileRetention : outcome);
    }
  });

  it('gets none only by who may write retentions', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    await server.ok('b2_update_bucket', { bucketId, defaultRetention });
    const token = await server.restrictedToken(['writeFiles', 'readFiles', 'readFileRetentions']);
    for (const ask of Object.values(await makers(server, bucketId))) {
      await expectOutcome(server, () => ask({ fileRetention: none }, token), unauthorized);
      await expectOutcome(server, () => ask({}, token), byDefault);
    }
  });

  it('stays without, so that it can be deleted once it is finished', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    await server.ok('b2_update_bucket', { bucketId, defaultRetention });
    const large = { bucketId, fileName: 'large', contentType: 'a/b', fileRetention: none };
    const { fileId } = await server.ok('b2_start_large_file', large);
    const partSha1Array: string[] = [];
    for (const number of [1, 2]) {
      partSha1Array.push((await server.uploadPart(fileId, number, `part ${number} of it`)).json.contentSha1);
    }
    const finished = await server.ok('b2_finish_large_file', { fileId, partSha1Array });
    expect(finished.fileRetention.value).toEqual(none);
    await server.ok('b2_delete_file_version', { fileId, fileName: 'large' });
  });

  // Unlike JSON, headers have no value for it: b2sdk's "None" is not known to B2 either.
  it.each(['None', 'none', 'null', ''])('cannot ask for none by the header %j', async (mode) => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    const headers = { 'X-Bz-File-Retention-Mode': mode, 'X-Bz-File-Retention-Retain-Until-Timestamp': mode };
    await server.refused(() => server.upload(bucketId, 'a', 'x', { headers }), { status: 400, code: 'bad_request' });
  });

  it.each([
    ['now', 0, inPast],
    ['for 3,000 days', 3_000 * day, 'as asked'],
    ['for longer', 3_000 * day + 1, tooLong],
  ] as const)('is uploaded with a retention that lasts until %s, or not', async (_, after, outcome) => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    const headers = {
      'X-Bz-File-Retention-Mode': 'governance',
      'X-Bz-File-Retention-Retain-Until-Timestamp': String(start + after),
    };
    const expected = outcome === 'as asked' ? retained('governance', after) : outcome;
    await expectOutcome(server, () => server.upload(bucketId, 'a', 'x', { headers }), expected);
  });
});

describe('a stored file', () => {
  it.each([
    ['the longest', 3_000 * day, 'ok'],
    ['a longer one', 3_000 * day + 1, tooLong],
  ] as const)('is given %s, or not', async (_, after, outcome) => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    const { fileId } = (await server.upload(bucketId, 'a', 'x')).json;
    const fileRetention = retained('governance', after);
    const change = () => server.call('b2_update_file_retention', { fileId, fileName: 'a', fileRetention });
    if (outcome === 'ok') expect((await change()).json).toMatchObject({ fileRetention });
    else await server.refused(change, outcome);
  });
});

describe('a bucket without file lock', () => {
  it('takes no retention, not even none', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    for (const ask of Object.values(await makers(server, bucketId))) {
      for (const fileRetention of [none, { mode: null }, retained('governance', day)]) {
        await expectOutcome(server, () => ask({ fileRetention }), missingLock);
      }
      await expectOutcome(server, () => ask({}), none);
    }
  });

  it.each([{ mode: null }, { mode: 'none', period: null }, defaultRetention])(
    'takes no default retention, not even %j, unless it gets the lock with it',
    async (setting) => {
      const server = await TestServer.inMemory();
      const bucketId = await server.createBucket('my-bucket');
      const update = (more: object) =>
        server.call('b2_update_bucket', { bucketId, defaultRetention: setting, ...more });
      await server.refused(() => update({}), missingLock);
      await server.refused(() => update({ fileLockEnabled: false }), missingLock);
      expect((await update({ fileLockEnabled: true })).status).toBe(200);
    },
  );
});
