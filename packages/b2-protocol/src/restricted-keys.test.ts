import { fixedClock } from '@coffer/storage-testkit';
import { describe, expect, it } from 'vitest';
import { TestServer, type CallOptions } from './test-support/test-server.ts';
import { capabilityNames, type OperationName } from '@coffer/b2-schema';

const denied = { status: 401, code: 'unauthorized', message: '' } as const;
const everything = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles', 'deleteFiles', 'shareFiles'] as const;

/** Two buckets with files inside and outside of a prefix. */
async function scene() {
  const server = await TestServer.inMemory();
  const mine = await server.createBucket('bucket-mine');
  const other = await server.createBucket('bucket-other');
  const put = async (bucketId: string, name: string) => (await server.upload(bucketId, name, 'x')).json.fileId;
  const start = async (bucketId: string, fileName: string) =>
    (await server.ok('b2_start_large_file', { bucketId, fileName, contentType: 'a/b' })).fileId;
  const files = {
    inside: await put(mine, 'p/a'),
    outside: await put(mine, 'q/a'),
    elsewhere: await put(other, 'p/a'),
    largeInside: await start(mine, 'p/l'),
    largeOutside: await start(mine, 'q/l'),
    largeElsewhere: await start(other, 'p/l'),
  };
  return { server, mine, other, files };
}

describe('a key restricted to a bucket', () => {
  it('reaches that bucket only', async () => {
    const { server, mine, other, files } = await scene();
    const { accountId } = server;
    const token = await server.restrictedToken(everything, { bucketIds: [mine] });
    const calls = (bucketId: string, fileId: string, large: string): [OperationName, object][] => [
      ['b2_list_file_names', { bucketId }],
      ['b2_list_file_versions', { bucketId }],
      ['b2_list_unfinished_large_files', { bucketId }],
      ['b2_get_upload_url', { bucketId }],
      ['b2_start_large_file', { bucketId, fileName: 'x', contentType: 'a/b' }],
      ['b2_get_download_authorization', { bucketId, fileNamePrefix: '', validDurationInSeconds: 1 }],
      ['b2_get_file_info', { fileId }],
      ['b2_copy_file', { sourceFileId: fileId, fileName: 'x' }],
      ['b2_get_upload_part_url', { fileId: large }],
      ['b2_list_parts', { fileId: large }],
      ['b2_copy_part', { sourceFileId: fileId, largeFileId: large, partNumber: 1 }],
      ['b2_list_buckets', { accountId, bucketId }],
      ['b2_hide_file', { bucketId, fileName: 'p/a' }],
      ['b2_delete_file_version', { fileName: 'p/a', fileId }],
      ['b2_cancel_large_file', { fileId: large }],
    ];
    for (const [name, fields] of calls(other, files.elsewhere, files.largeElsewhere)) {
      await server.refused(() => server.call(name, fields, { token }), denied);
    }
    for (const [name, fields] of calls(mine, files.inside, files.largeInside)) {
      await server.ok(name, fields, { token });
    }
    const path = (id: string) => `/b2api/v4/b2_download_file_by_id?fileId=${id}`;
    expect((await server.download(path(files.outside), { token })).status).toBe(200);
    expect((await server.download('/file/bucket-mine/q/a', { token })).status).toBe(200);
    await server.refused(() => server.download(path(files.elsewhere), { token }), denied);
    await server.refused(() => server.download('/file/bucket-other/p/a', { token }), denied);
    const out = { sourceFileId: files.outside, fileName: 'x', destinationBucketId: other };
    await server.refused(() => server.call('b2_copy_file', out, { token }), denied);
    const into = { sourceFileId: files.outside, largeFileId: files.largeElsewhere, partNumber: 1 };
    await server.refused(() => server.call('b2_copy_part', into, { token }), denied);
  });

  it('must ask for its bucket in a list, except in v1', async () => {
    const { server, mine, other } = await scene();
    const { accountId } = server;
    const token = await server.restrictedToken(everything, { bucketIds: [mine] });
    const list = (filter: object, options: CallOptions) =>
      server.call('b2_list_buckets', { accountId, ...filter }, { token, ...options });
    for (const version of ['v1', 'v2', 'v3', 'v4'] as const) {
      for (const filter of [{ bucketId: mine }, { bucketName: 'BUCKET-mine' }]) {
        expect((await list(filter, { version })).json.buckets).toMatchObject([{ bucketId: mine }]);
      }
      for (const filter of [{ bucketId: other }, { bucketName: 'bucket-other' }, { bucketName: 'bucket-none' }]) {
        await server.refused(() => list(filter, { version }), denied);
      }
    }
    for (const version of ['v2', 'v3', 'v4'] as const) await server.refused(() => list({}, { version }), denied);
    expect((await list({}, { version: 'v1' })).json.buckets).toMatchObject([{ bucketId: mine }]);
  });
});

describe('a key restricted to a prefix', () => {
  it('reaches names within it only', async () => {
    const { server, mine, files } = await scene();
    const token = await server.restrictedToken(everything, { bucketIds: [mine], namePrefix: 'p/' });
    const calls = (prefix: string, fileId: string, large: string): [OperationName, object][] => [
      ['b2_list_file_names', { bucketId: mine, prefix }],
      ['b2_list_file_versions', { bucketId: mine, prefix }],
      ['b2_list_unfinished_large_files', { bucketId: mine, namePrefix: prefix }],
      ['b2_start_large_file', { bucketId: mine, fileName: `${prefix}x`, contentType: 'a/b' }],
      ['b2_get_download_authorization', { bucketId: mine, fileNamePrefix: prefix, validDurationInSeconds: 1 }],
      ['b2_get_file_info', { fileId }],
      ['b2_copy_file', { sourceFileId: fileId, fileName: 'p/x' }],
      ['b2_copy_file', { sourceFileId: files.inside, fileName: `${prefix}x` }],
      ['b2_get_upload_part_url', { fileId: large }],
      ['b2_copy_part', { sourceFileId: fileId, largeFileId: large, partNumber: 1 }],
      ['b2_hide_file', { bucketId: mine, fileName: `${prefix}a` }],
      ['b2_delete_file_version', { fileName: `${prefix}a`, fileId }],
      ['b2_cancel_large_file', { fileId: large }],
    ];
    for (const [name, fields] of calls('q/', files.outside, files.largeOutside)) {
      await server.refused(() => server.call(name, fields, { token }), denied);
    }
    await server.refused(() => server.call('b2_list_file_names', { bucketId: mine }, { token }), denied);
    await server.refused(() => server.upload(mine, 'q/b', 'x', { token }), denied);
    await server.refused(() => server.download('/file/bucket-mine/q/a', { token }), denied);
    expect((await server.upload(mine, 'p/b', 'x', { token })).status).toBe(200);
    expect((await server.download('/file/bucket-mine/p/b', { token })).status).toBe(200);
    for (const [name, fields] of calls('p/', files.inside, files.largeInside)) await server.ok(name, fields, { token });
  });

  it('changes no settings of a bucket, which are for all its names', async () => {
    const { server, mine } = await scene();
    const { accountId } = server;
    const token = await server.restrictedToken(capabilityNames, { namePrefix: 'p/' });
    for (const settings of [
      {},
      { bucketType: 'allPublic' },
      { lifecycleRules: [{ fileNamePrefix: 'p/', daysFromHidingToDeleting: 1 }] },
      { lifecycleRules: [{ fileNamePrefix: '', daysFromHidingToDeleting: 1 }] },
      { replicationConfiguration: {} },
      { defaultRetention: { mode: 'compliance', period: { duration: 1, unit: 'days' } } },
      { bucketInfo: { a: 'b' } },
    ]) {
      const update = { accountId, bucketId: mine, ...settings };
      await server.refused(() => server.call('b2_update_bucket', update, { token }), denied);
    }
    const all = await server.restrictedToken(capabilityNames, { namePrefix: '' });
    await server.ok('b2_update_bucket', { accountId, bucketId: mine, bucketInfo: {} }, { token: all });
    // A new bucket has no names yet.
    const bucket = { accountId, bucketName: 'bucket-new', bucketType: 'allPrivate' };
    await server.ok('b2_create_bucket', bucket, { token });
  });

  it('sets and sees event notification rules for names within it only', async () => {
    const { server, mine: bucketId } = await scene();
    const token = await server.restrictedToken(capabilityNames, { bucketIds: [bucketId], namePrefix: 'p/' });
    const target = { targetType: 'webhook', url: 'https://example.com/' };
    const ruleFor = (objectNamePrefix: string, name = 'my-rule') => ({
      ...{ name, eventTypes: [`b2:${name === 'my-rule' ? 'ObjectCreated' : 'ObjectDeleted'}:*`] },
      ...{ isEnabled: true, objectNamePrefix },
      targetConfiguration: target,
    });
    const set = (...eventNotificationRules: readonly object[]) =>
      server.call('b2_set_bucket_notification_rules', { bucketId, eventNotificationRules }, { token });
    const get = () => server.call('b2_get_bucket_notification_rules', { bucketId }, { token });
    for (const outside of ['', 'p', 'q/'])
      await server.refused(() => set(ruleFor('p/', 'other-rule'), ruleFor(outside)), denied);
    for (const inside of ['p/', 'p/a']) expect((await set(ruleFor(inside))).status).toBe(200);
    expect((await get()).json.eventNotificationRules).toMatchObject([{ objectNamePrefix: 'p/a' }]);
    // Somebody else's rule: its target may hold secrets, and setting rules would take it away.
    const both = { bucketId, eventNotificationRules: [ruleFor('p/'), ruleFor('q/', 'other-rule')] };
    await server.ok('b2_set_bucket_notification_rules', both);
    await server.refused(get, denied);
    for (const rules of [[], [ruleFor('p/')]]) await server.refused(() => set(...rules), denied);
  });

  it('has its listings filtered in v1', async () => {
    const { server, mine } = await scene();
    const token = await server.restrictedToken(everything, { bucketIds: [mine], namePrefix: 'p/' });
    const names = async (
      name: 'b2_list_file_names' | 'b2_list_file_versions' | 'b2_list_unfinished_large_files',
      fields: object,
    ) => {
      const { files } = await server.ok(name, { bucketId: mine, ...fields }, { token, version: 'v1' });
      return (files as { fileName: string }[]).map(({ fileName }) => fileName);
    };
    expect(await names('b2_list_file_names', {})).toEqual(['p/a']);
    expect(await names('b2_list_file_names', { prefix: 'p' })).toEqual(['p/a']);
    expect(await names('b2_list_file_names', { prefix: 'q/' })).toEqual([]);
    expect(await names('b2_list_file_versions', {})).toEqual(['p/a', 'p/l']);
    expect(await names('b2_list_file_versions', { prefix: 'q' })).toEqual([]);
    expect(await names('b2_list_unfinished_large_files', {})).toEqual(['p/l']);
    expect(await names('b2_list_unfinished_large_files', { namePrefix: 'q/' })).toEqual([]);
  });
});

describe('a key without the capability for a field', () => {
  it('cannot read the source of a copy from a private bucket', async () => {
    const { server, mine, other, files } = await scene();
    const token = await server.restrictedToken(['writeFiles']);
    const copy = { sourceFileId: files.inside, fileName: 'x', destinationBucketId: other };
    await server.refused(() => server.call('b2_copy_file', copy, { token }), denied);
    await server.ok('b2_update_bucket', { bucketId: mine, bucketType: 'allPublic' });
    await server.ok('b2_copy_file', copy, { token });
  });

  it('sees only what it may of files', async () => {
    const { server, files } = await scene();
    const token = await server.restrictedToken(['readFiles', 'readFileRetentions']);
    const info = await server.ok('b2_get_file_info', { fileId: files.inside }, { token });
    expect(info).toMatchObject({
      fileRetention: { isClientAuthorizedToRead: true },
      legalHold: { isClientAuthorizedToRead: false, value: null },
      serverSideEncryption: { algorithm: null, mode: null },
    });
  });

  it('loses an upload URL together with its key', async () => {
    const { server, mine } = await scene();
    const { accountId } = server;
    const key = await server.storage.applicationKeys.create({
      accountId,
      keyName: 'k',
      capabilities: ['writeFiles'],
      bucketIds: null,
      namePrefix: null,
      validDurationInSeconds: 10,
    });
    const token = await server.storage.tokens.issueAccountToken(key.key);
    const url = await server.ok('b2_get_upload_url', { bucketId: mine }, { token });
    await server.ok('b2_delete_key', { applicationKeyId: key.key.applicationKeyId });
    const own = { 'X-Bz-File-Name': 'a', 'Content-Type': 'text/plain' };
    await server.refused(() => server.uploadTo(url, 'x', own), { status: 401, code: 'bad_auth_token' });
  });
});

describe('a token', () => {
  it('expires after its lifetime', async () => {
    const clock = fixedClock(1_700_000_000_000);
    const server = await TestServer.inMemory({ clock });
    const { accountId } = server;
    const bucketId = await server.createBucket('my-bucket');
    await server.upload(bucketId, 'a', 'x');
    const url = await server.ok('b2_get_upload_url', { bucketId });
    const fields = { bucketId, fileNamePrefix: '', validDurationInSeconds: 60 };
    const download = (await server.ok('b2_get_download_authorization', fields)).authorizationToken;
    clock.advance(61_000);
    const expired = { status: 401, code: 'expired_auth_token' } as const;
    await server.refused(() => server.download('/file/my-bucket/a', { token: download }), expired);
    clock.advance(86_400_000);
    await server.refused(() => server.call('b2_list_buckets', { accountId }), expired);
    await server.refused(() => server.uploadTo(url, 'x', { 'X-Bz-File-Name': 'a', 'Content-Type': 'a/b' }), expired);
    await server.refused(() => server.download('/file/my-bucket/a'), expired);
  });

  it('is needed', async () => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const missing = { status: 401, code: 'missing_auth_token' } as const;
    await server.refused(() => server.call('b2_list_buckets', { accountId }, { token: null }), missing);
    const forged = `${server.masterToken.slice(0, -4)}AAAA`;
    await server.refused(() => server.call('b2_list_buckets', { accountId }, { token: forged }), {
      status: 401,
      code: 'bad_auth_token',
    });
  });
});
