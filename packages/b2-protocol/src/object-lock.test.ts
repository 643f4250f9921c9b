import { fixedClock } from '@coffer/storage-testkit';
import { describe, expect, it } from 'vitest';
import { TestServer } from './test-support/test-server.ts';

const soon = 1_700_000_100_000;
const readable = (value: unknown) => ({ isClientAuthorizedToRead: true, value });
const missingLock = {
  status: 400,
  code: 'bucket_missing_file_lock',
  message: 'The bucket is not file lock enabled',
} as const;
const denied = { status: 401, code: 'unauthorized', message: '' } as const;
const lockHeaders = {
  'X-Bz-File-Retention-Mode': 'governance',
  'X-Bz-File-Retention-Retain-Until-Timestamp': String(soon),
  'X-Bz-File-Legal-Hold': 'on',
};
const fileRetention = { mode: 'governance', retainUntilTimestamp: soon };

describe('Object Lock', () => {
  it('goes on where only a doubted clock says that it is over, and says so', async () => {
    const clock = fixedClock(1_700_000_000_000);
    const server = await TestServer.inMemory({ clock });
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    const retention = { 'X-Bz-File-Retention-Mode': 'compliance' };
    const headers = { ...lockHeaders, ...retention, 'X-Bz-File-Legal-Hold': undefined };
    const { fileId } = (await server.upload(bucketId, 'a', 'x', { headers })).json;
    await server.storage.clock.keep();
    clock.jump(86_400_000);
    await server.renewMasterToken();
    const doubted = {
      status: 403,
      code: 'access_denied',
      message: /cannot tell the time until its operator/,
    } as const;
    const file = { fileId, fileName: 'a' };
    await server.refused(() => server.call('b2_delete_file_version', file), doubted);
    const none = { ...file, fileRetention: { mode: null, retainUntilTimestamp: null } };
    await server.refused(() => server.call('b2_update_file_retention', none), doubted);
    await server.storage.clock.confirm();
    await server.ok('b2_delete_file_version', file);
  });

  it('is set with uploads, large files and copies, and shown to who may see it', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    const upload = await server.upload(bucketId, 'a', 'x', { headers: lockHeaders });
    const locked = { fileRetention: readable(fileRetention), legalHold: readable('on') };
    expect(upload.json).toMatchObject(locked);
    const lock = { fileRetention, legalHold: 'on' };
    const start = { bucketId, fileName: 'l', contentType: 'a/b', ...lock };
    expect(await server.ok('b2_start_large_file', start)).toMatchObject(locked);
    const copy = { sourceFileId: upload.json.fileId, fileName: 'c' };
    expect(await server.ok('b2_copy_file', { ...copy, ...lock })).toMatchObject(locked);
    expect(await server.ok('b2_copy_file', copy)).toMatchObject({ legalHold: readable(null) });
    const head = await server.download('/file/my-bucket/a', { head: true });
    for (const [name, value] of Object.entries(lockHeaders)) expect(head.headers.get(name)).toBe(value);
    expect(head.headers.get('x-bz-client-unauthorized-to-read')).toBeUndefined();
    const blind = await server.restrictedToken(['readFiles', 'readFileLegalHolds']);
    const seen = (await server.download('/file/my-bucket/a', { token: blind })).headers;
    expect(seen.get('x-bz-file-legal-hold')).toBe('on');
    expect(seen.get('x-bz-file-retention-mode')).toBeUndefined();
    expect(seen.get('x-bz-client-unauthorized-to-read')).toBe(
      'X-Bz-File-Retention-Mode,X-Bz-File-Retention-Retain-Until-Timestamp',
    );
  });

  it('is shown in a public bucket only to keys that reach the file', async () => {
    const server = await TestServer.inMemory();
    const options = { bucketType: 'allPublic', fileLockEnabled: true } as const;
    const bucketId = await server.createBucket('my-bucket', options);
    await server.upload(bucketId, 'a', 'x', { headers: lockHeaders });
    const other = await server.createBucket('other-bucket');
    const seen = async (restriction: { bucketIds?: readonly string[]; namePrefix?: string }) => {
      const token = await server.restrictedToken(['readFileRetentions', 'readFileLegalHolds'], restriction);
      const { headers, status } = await server.download('/file/my-bucket/a', { token });
      return [status, headers.get('x-bz-file-legal-hold'), headers.has('x-bz-file-retention-mode')];
    };
    expect(await seen({ bucketIds: [bucketId] })).toEqual([200, 'on', true]);
    expect(await seen({ bucketIds: [other] })).toEqual([200, undefined, false]);
    expect(await seen({ bucketIds: [bucketId], namePrefix: 'b' })).toEqual([200, undefined, false]);
  });

  it('needs its capabilities, which come before everything else', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const sourceFileId = (await server.upload(bucketId, 'a', 'x')).json.fileId;
    const token = await server.restrictedToken(['writeFiles', 'readFiles', 'writeBuckets', 'deleteFiles']);
    const retention = {
      'X-Bz-File-Retention-Mode': 'governance',
      'X-Bz-File-Retention-Retain-Until-Timestamp': String(soon),
    };
    for (const headers of [retention, { 'X-Bz-File-Legal-Hold': 'off' }]) {
      await server.refused(() => server.upload(bucketId, 'b', 'x', { token, headers }), denied);
    }
    for (const lock of [{ fileRetention }, { legalHold: 'on' }]) {
      const start = { bucketId, fileName: 'l', contentType: 'a/b', ...lock };
      await server.refused(() => server.call('b2_start_large_file', start, { token }), denied);
      const copy = { sourceFileId, fileName: 'c', ...lock };
      await server.refused(() => server.call('b2_copy_file', copy, { token }), denied);
      await server.refused(() => server.call('b2_copy_file', copy), missingLock);
      await server.refused(() => server.call('b2_start_large_file', start), missingLock);
    }
    await server.refused(() => server.upload(bucketId, 'b', 'x', { headers: retention }), missingLock);
    const period = { duration: 1, unit: 'days' };
    for (const setting of [{ fileLockEnabled: true }, { defaultRetention: { mode: 'governance', period } }]) {
      await server.refused(() => server.call('b2_update_bucket', { bucketId, ...setting }, { token }), denied);
    }
    const bypass = { fileId: sourceFileId, fileName: 'a', bypassGovernance: true };
    await server.refused(() => server.call('b2_delete_file_version', bypass, { token }), denied);
    await server.ok('b2_delete_file_version', { ...bypass, bypassGovernance: false }, { token });
  });

  it('has a default retention, and cannot be turned off', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const defaultRetention = { mode: 'governance', period: { duration: 1, unit: 'days' } };
    const update = (fields: object) => server.call('b2_update_bucket', { bucketId, ...fields });
    await server.refused(() => update({ defaultRetention }), missingLock);
    const both = await update({ defaultRetention, fileLockEnabled: true });
    expect(both.json.fileLockConfiguration).toEqual(readable({ defaultRetention, isFileLockEnabled: true }));
    const upload = await server.upload(bucketId, 'a', 'x');
    expect(upload.json.fileRetention).toEqual(
      readable({ mode: 'governance', retainUntilTimestamp: 1_700_000_000_000 + 86_400_000 }),
    );
    await server.refused(() => update({ fileLockEnabled: false }), { status: 400, code: 'file_lock_conflict' });
    const cleared = await update({ defaultRetention: { mode: 'none', period: null } });
    expect(cleared.json.fileLockConfiguration.value?.defaultRetention).toEqual({ mode: null, period: null });
  });

  it('keeps locked versions from being deleted', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    const { headers: retained } = { headers: { ...lockHeaders, 'X-Bz-File-Legal-Hold': 'off' } };
    const put = async (headers: Readonly<Record<string, string>>) =>
      (await server.upload(bucketId, 'a', 'x', { headers })).json.fileId;
    const [governed, compliant] = [
      await put(retained),
      await put({ ...retained, 'X-Bz-File-Retention-Mode': 'compliance' }),
    ];
    const held = await put({ 'X-Bz-File-Legal-Hold': 'on' });
    const remove = (fileId: string, bypassGovernance: boolean) => () =>
      server.call('b2_delete_file_version', { fileId, fileName: 'a', bypassGovernance });
    const locked = { status: 401, code: 'access_denied', message: 'Access Denied' } as const;
    await server.refused(remove(governed, false), locked);
    for (const fileId of [compliant, held]) {
      for (const bypass of [false, true]) await server.refused(remove(fileId, bypass), locked);
    }
    expect((await remove(governed, true)()).status).toBe(200);
  });

  it('refuses a retention that is over or has no end', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    const past = { ...lockHeaders, 'X-Bz-File-Retention-Retain-Until-Timestamp': '1' };
    await server.refused(() => server.upload(bucketId, 'a', 'x', { headers: past }), {
      status: 400,
      code: 'retain_until_timestamp_must_be_in_future',
      message: 'The retainUntilTimestamp must be in future',
    });
    const half = { 'X-Bz-File-Retention-Mode': 'governance' };
    const bad = { status: 400, code: 'bad_request' } as const;
    await server.refused(() => server.upload(bucketId, 'a', 'x', { headers: half }), bad);
    const start = { bucketId, fileName: 'l', contentType: 'a/b', fileRetention: { mode: 'governance' } };
    await server.refused(() => server.call('b2_start_large_file', start), bad);
    const clear = { ...start, fileRetention: { mode: null, retainUntilTimestamp: null } };
    expect((await server.call('b2_start_large_file', clear)).json.fileRetention.value?.mode).toBeNull();
  });

  it('is changed on stored files, with flat answers and a code of its own for who may not', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket', { fileLockEnabled: true });
    const { fileId } = (await server.upload(bucketId, 'a', 'x')).json;
    const file = { fileName: 'a', fileId };
    const compliance = { mode: 'compliance', retainUntilTimestamp: soon };
    const update = (fields: object, token?: string) =>
      server.call('b2_update_file_retention', { ...file, ...fields }, token === undefined ? {} : { token });
    const forbidden = { status: 403, code: 'access_denied', message: 'Access Denied' } as const;
    expect((await update({ fileRetention })).json).toEqual({ ...file, fileRetention });
    const cleared = { mode: null, retainUntilTimestamp: null };
    await server.refused(() => update({ fileRetention: cleared }), forbidden);
    const writer = await server.restrictedToken(['writeFileRetentions']);
    await server.refused(() => update({ fileRetention: cleared, bypassGovernance: true }, writer), forbidden);
    const reader = await server.restrictedToken(['readFiles']);
    await server.refused(() => update({ fileRetention: compliance }, reader), forbidden);
    expect((await update({ fileRetention: cleared, bypassGovernance: true })).json).toEqual({
      ...file,
      fileRetention: cleared,
    });
    await update({ fileRetention: compliance }, writer);
    await server.refused(() => update({ fileRetention: cleared, bypassGovernance: true }), forbidden);
    const past = { mode: 'compliance', retainUntilTimestamp: 5 };
    await server.refused(() => update({ fileRetention: past }), {
      status: 400,
      code: 'retain_until_timestamp_must_be_in_future',
      message: 'The retainUntilTimestamp must be in future',
    });
    const hold = { ...file, legalHold: 'on' };
    expect(await server.ok('b2_update_file_legal_hold', hold)).toEqual(hold);
    const info = await server.ok('b2_get_file_info', { fileId });
    expect(info).toMatchObject({ fileRetention: readable(compliance), legalHold: readable('on') });
  });

  it('refuses changes on files of a bucket without lock, after the capability', async () => {
    const server = await TestServer.inMemory();
    const bucketId = await server.createBucket('my-bucket');
    const { fileId } = (await server.upload(bucketId, 'a', 'x')).json;
    const file = { fileName: 'a', fileId };
    const token = await server.restrictedToken(['readFiles']);
    for (const [name, change] of [
      ['b2_update_file_retention', { fileRetention }],
      ['b2_update_file_legal_hold', { legalHold: 'on' }],
    ] as const) {
      await server.refused(() => server.call(name, { ...file, ...change }), missingLock);
      const forbidden = { status: 403, code: 'access_denied' } as const;
      await server.refused(() => server.call(name, { ...file, ...change }, { token }), forbidden);
      const absent = { status: 400, code: 'file_not_present' } as const;
      await server.refused(() => server.call(name, { ...file, ...change, fileName: 'b' }), absent);
    }
  });
});
