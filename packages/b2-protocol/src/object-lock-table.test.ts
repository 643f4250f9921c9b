import { fixedClock } from '@coffer/storage-testkit';
import { describe, expect, it } from 'vitest';
import { TestServer, type Answer } from './test-support/test-server.ts';

const start = 1_700_000_000_000;
const hour = 3_600_000;

/** A server, and how to make its time pass. */
async function open() {
  const clock = fixedClock(start);
  const server = await TestServer.inMemory({ clock });
  return { server, clock };
}

type Mode = 'governance' | 'compliance';
interface Retention {
  readonly mode: Mode | null;
  readonly retainUntilTimestamp: number | null;
}

const none: Retention = { mode: null, retainUntilTimestamp: null };
const retained = (mode: Mode, hours: number): Retention => ({ mode, retainUntilTimestamp: start + hours * hour });

/** Before a case, an hour passes. */
const currents = [
  none,
  retained('governance', 10),
  retained('compliance', 10),
  retained('governance', 0.5),
  retained('compliance', 0.5),
];
const asked = [
  none,
  ...(['governance', 'compliance'] as const).flatMap((mode) =>
    [0.5, 1, 5, 10, 15].map((hours) => retained(mode, hours)),
  ),
];
const rightsTo = (...names: readonly string[]): string[][] =>
  names.reduce<string[][]>((sets, name) => [...sets, ...sets.map((set) => [...set, name])], [[]]);

const denied403 = { status: 403, code: 'access_denied', message: 'Access Denied' } as const;
const denied401 = { status: 401, code: 'access_denied', message: 'Access Denied' } as const;
const unauthorized = { status: 401, code: 'unauthorized' } as const;
const inPast = {
  status: 400,
  code: 'retain_until_timestamp_must_be_in_future',
  message: 'The retainUntilTimestamp must be in future',
} as const;
const missingLock = {
  status: 400,
  code: 'bucket_missing_file_lock',
  message: 'The bucket is not file lock enabled',
} as const;

/** What B2's documents let a caller change (B2 docs "Object Lock"), told case by case. */
function verdict(current: Retention, next: Retention, bypass: boolean, rights: readonly string[]) {
  const now = start + hour;
  if (!rights.includes('writeFileRetentions')) return denied403;
  if (bypass && !rights.includes('bypassGovernance')) return denied403;
  if (next.retainUntilTimestamp !== null && next.retainUntilTimestamp <= now) return inPast;
  const end = current.retainUntilTimestamp ?? 0;
  const holds = end > now;
  const isShorter = (next.retainUntilTimestamp ?? 0) < end;
  if (!holds) return 'ok';
  if (current.mode === 'governance') return isShorter && !bypass ? denied403 : 'ok';
  return isShorter || next.mode !== 'compliance' ? denied403 : 'ok';
}

const lockHeaders = ({ mode, retainUntilTimestamp }: Retention): Record<string, string> =>
  mode === null
    ? {}
    : {
        'X-Bz-File-Retention-Mode': mode,
        'X-Bz-File-Retention-Retain-Until-Timestamp': String(retainUntilTimestamp),
      };

async function expectVerdict(server: TestServer, send: () => Promise<Answer>, expected: object | 'ok'): Promise<void> {
  if (expected === 'ok') expect((await send()).json).not.toHaveProperty('code');
  else await server.refused(send, expected as Parameters<TestServer['refused']>[1]);
}

describe.each(currents)('retention of a file with $mode until $retainUntilTimestamp', (current) => {
  describe.each(rightsTo('writeFileRetentions', 'bypassGovernance'))('by who may [%s, %s]', (...given) => {
    const rights = given.filter((right) => typeof right === 'string');
    it('is changed, or not, as the table says, to everything, with and without bypass', async () => {
      for (const next of asked) {
        for (const bypassGovernance of [undefined, false, true]) {
          const { server, clock } = await open();
          const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
          const { fileId } = (await server.upload(bucketId, 'a', 'x', { headers: lockHeaders(current) })).json;
          clock.advance(hour);
          const token = await server.restrictedToken([...rights, 'readFiles', 'readFileRetentions']);
          const change = { fileName: 'a', fileId, fileRetention: next };
          const fields = bypassGovernance === undefined ? change : { ...change, bypassGovernance };
          const expected = verdict(current, next, bypassGovernance ?? false, rights);
          const send = () => server.call('b2_update_file_retention', fields, { token });
          await expectVerdict(server, send, expected);
          const value = expected === 'ok' ? next : current;
          expect(await server.ok('b2_get_file_info', { fileId }, { token })).toMatchObject({
            fileRetention: { isClientAuthorizedToRead: true, value },
          });
        }
      }
    });
  });
});

describe.each(rightsTo('writeFileLegalHolds', 'readFileLegalHolds'))('legal hold by who may [%s, %s]', (...given) => {
  const rights = given.filter((right) => typeof right === 'string');
  it('is changed only with the right to, and shown only with the right to that', async () => {
    for (const [before, legalHold] of [
      [undefined, 'on'],
      [undefined, 'off'],
      ['on', 'off'],
      ['off', 'on'],
      ['on', 'on'],
    ] as const) {
      const { server } = await open();
      const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
      const headers = before === undefined ? {} : { 'X-Bz-File-Legal-Hold': before };
      const { fileId } = (await server.upload(bucketId, 'a', 'x', { headers })).json;
      const token = await server.restrictedToken([...rights, 'readFiles']);
      const file = { fileName: 'a', fileId };
      const may = rights.includes('writeFileLegalHolds');
      const send = () => server.call('b2_update_file_legal_hold', { ...file, legalHold }, { token });
      if (may) expect((await send()).json).toEqual({ ...file, legalHold });
      else await server.refused(send, denied403);
      const shown = await server.ok('b2_get_file_info', { fileId }, { token });
      const sees = rights.includes('readFileLegalHolds');
      const value = may ? legalHold : (before ?? null);
      expect(shown).toMatchObject({
        legalHold: { isClientAuthorizedToRead: sees, value: sees ? value : null },
      });
    }
  });
});

describe('a bucket without file lock', () => {
  it.each([
    ['b2_update_file_retention', 'writeFileRetentions', { fileRetention: retained('governance', 5) }],
    ['b2_update_file_retention', 'writeFileRetentions', { fileRetention: none }],
    ['b2_update_file_legal_hold', 'writeFileLegalHolds', { legalHold: 'on' }],
    ['b2_update_file_legal_hold', 'writeFileLegalHolds', { legalHold: 'off' }],
  ] as const)('refuses %s: first the right %s, then the lock', async (operation, right, change) => {
    const { server } = await open();
    const bucketId = await server.createBucket('my-bucket');
    const { fileId } = (await server.upload(bucketId, 'a', 'x')).json;
    const fields = { fileName: 'a', fileId, ...change };
    const without = await server.restrictedToken(['readFiles', 'writeFiles']);
    const within = await server.restrictedToken([right]);
    await server.refused(() => server.call(operation, fields, { token: without }), denied403);
    await server.refused(() => server.call(operation, fields, { token: within }), missingLock);
  });

  it('can be given it once, together with a default retention; again is nothing new, and never back', async () => {
    const { server } = await open();
    const bucketId = await server.createBucket('my-bucket');
    const defaultRetention = { mode: 'compliance', period: { duration: 2, unit: 'years' } };
    await server.refused(() => server.call('b2_update_bucket', { bucketId, defaultRetention }), missingLock);
    const both = { bucketId, fileLockEnabled: true, defaultRetention };
    const set = { isClientAuthorizedToRead: true, value: { defaultRetention, isFileLockEnabled: true } };
    expect((await server.ok('b2_update_bucket', both)).fileLockConfiguration).toEqual(set);
    const again = await server.ok('b2_update_bucket', { bucketId, fileLockEnabled: true });
    expect(again.fileLockConfiguration).toEqual(set);
    const conflict = { status: 400, code: 'file_lock_conflict' } as const;
    await server.refused(() => server.call('b2_update_bucket', { bucketId, fileLockEnabled: false }), conflict);
    const writer = await server.restrictedToken(['writeBuckets', 'writeBucketRetentions']);
    const hidden = await server.ok('b2_update_bucket', { bucketId, fileLockEnabled: true }, { token: writer });
    expect(hidden.fileLockConfiguration).toEqual({ isClientAuthorizedToRead: false, value: null });
  });

  it('is not given it where it is a replication source, except when it becomes both', async () => {
    const { server } = await open();
    const rule = { destinationBucketId: 'a'.repeat(24), replicationRuleName: 'rule' };
    const asReplicationSource = {
      replicationRules: [rule],
      sourceApplicationKeyId: '002d2e6b27577ea000000000c',
    };
    const replicationConfiguration = { asReplicationSource };
    const source = await server.createBucket('my-source', { replicationConfiguration });
    const lock = (bucketId: string, fields = {}) =>
      server.call('b2_update_bucket', { bucketId, fileLockEnabled: true, ...fields });
    await server.refused(() => lock(source), { status: 400, code: 'source_replication_conflict' });
    expect((await lock(source, { replicationConfiguration: {} })).status).toBe(200);
    const both = await server.createBucket('my-other', { replicationConfiguration, fileLockEnabled: true });
    expect((await lock(both)).status).toBe(200);
    const plain = await server.createBucket('my-plain');
    expect((await lock(plain, { replicationConfiguration })).status).toBe(200);
  });
});

describe('a stored file whose name and info are longer than those of locked files', () => {
  it('gets no lock later', async () => {
    const { server } = await open();
    const bucketId = await server.createBucket('my-bucket');
    const headers = { 'X-Bz-Info-long': 'x'.repeat(3_000) };
    const { fileId } = (await server.upload(bucketId, 'a', 'x', { headers })).json;
    await server.ok('b2_update_bucket', { bucketId, fileLockEnabled: true });
    const exceeded = { status: 400, code: 'metadata_exceeded' } as const;
    const file = { fileName: 'a', fileId };
    const fileRetention = retained('governance', 5);
    await server.refused(() => server.call('b2_update_file_retention', { ...file, fileRetention }), exceeded);
    await server.refused(() => server.call('b2_update_file_legal_hold', { ...file, legalHold: 'on' }), exceeded);
    await server.refused(() => server.upload(bucketId, 'b', 'x', { headers }), { status: 400, code: 'bad_request' });
  });
});

describe.each([...currents, 'legal hold on' as const, 'legal hold off' as const])('deleting a file with %j', (lock) => {
  it('is refused until it is allowed, to the name of the capability', async () => {
    for (const rights of rightsTo('deleteFiles', 'bypassGovernance')) {
      for (const bypassGovernance of [undefined, false, true]) {
        const { server, clock } = await open();
        const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
        const hold = { 'X-Bz-File-Legal-Hold': lock === 'legal hold on' ? 'on' : 'off' };
        const headers = typeof lock === 'string' ? hold : lockHeaders(lock);
        const { fileId } = (await server.upload(bucketId, 'a', 'x', { headers })).json;
        clock.advance(hour);
        const token = await server.restrictedToken([...rights, 'readFiles']);
        const file = { fileName: 'a', fileId };
        const fields = bypassGovernance === undefined ? file : { ...file, bypassGovernance };
        const send = () => server.call('b2_delete_file_version', fields, { token });
        await expectVerdict(server, send, deletion(lock, bypassGovernance ?? false, rights));
      }
    }
  });
});

function deletion(lock: Retention | string, bypass: boolean, rights: readonly string[]): object | 'ok' {
  if (!rights.includes('deleteFiles')) return unauthorized;
  if (bypass && !rights.includes('bypassGovernance')) return unauthorized;
  if (typeof lock === 'string') return lock.endsWith('on') ? denied401 : 'ok';
  const holds = (lock.retainUntilTimestamp ?? 0) > start + hour;
  return holds && !(lock.mode === 'governance' && bypass) ? denied401 : 'ok';
}

describe('files locked by default', () => {
  it('are so whichever way they are made, and need no right to lock', async () => {
    const { server } = await open();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    const defaultRetention = { mode: 'governance', period: { duration: 3, unit: 'days' } };
    await server.ok('b2_update_bucket', { bucketId, defaultRetention });
    const token = await server.restrictedToken(['writeFiles', 'readFiles', 'readFileRetentions']);
    const value = { mode: 'governance', retainUntilTimestamp: start + 72 * hour };
    const expected = { fileRetention: { isClientAuthorizedToRead: true, value } };
    const upload = (await server.upload(bucketId, 'a', 'x', { token })).json;
    expect(upload).toMatchObject(expected);
    const copy = { sourceFileId: upload.fileId, fileName: 'b' };
    expect(await server.ok('b2_copy_file', copy, { token })).toMatchObject(expected);
    const large = { bucketId, fileName: 'c', contentType: 'text/plain' };
    const { fileId } = await server.ok('b2_start_large_file', large, { token });
    const partSha1Array: string[] = [];
    for (const number of [1, 2]) {
      const part = await server.uploadPart(fileId, number, `part ${number} of it`);
      partSha1Array.push(part.json.contentSha1);
    }
    expect(await server.ok('b2_finish_large_file', { fileId, partSha1Array }, { token })).toMatchObject(expected);
    const explicit = lockHeaders(retained('compliance', 5));
    const own = (await server.upload(bucketId, 'd', 'x', { headers: explicit })).json;
    expect(own.fileRetention.value).toEqual(retained('compliance', 5));
    expect((await server.call('b2_hide_file', { bucketId, fileName: 'd' })).status).toBe(200);
    expect((await server.upload(bucketId, 'd', 'y')).status).toBe(200);
  });
});
