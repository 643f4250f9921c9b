import { apiVersions } from '@coffer/b2-schema';
import { fixedClock } from '@coffer/storage-testkit';
import { describe, expect, it } from 'vitest';
import { customerKey, sseB2Headers } from './test-support/customer-keys.ts';
import { sha1, TestServer } from './test-support/test-server.ts';

const keyIds = ['002d2e6b27577ea000000000c', '002d2e6b27577ea000000000d'] as const;
const rule = {
  destinationBucketId: 'a'.repeat(24),
  fileNamePrefix: 'p/',
  includeExistingFiles: true,
  isEnabled: false,
  priority: 1,
  replicationRuleName: 'a_rule-1',
};
const source = { replicationRules: [rule], sourceApplicationKeyId: keyIds[0] };
const destination = { sourceToDestinationKeyMapping: { [keyIds[0]]: keyIds[1] } };
const shortRule = { destinationBucketId: 'b'.repeat(24), replicationRuleName: 'r' };
const defaults = { fileNamePrefix: '', includeExistingFiles: false, isEnabled: true, priority: 128 };

const readable = (value: unknown) => ({ isClientAuthorizedToRead: true, value });

describe('the replication configuration of a bucket', () => {
  it.each<[what: string, given: object, shown: unknown]>([
    ['both', { asReplicationSource: source, asReplicationDestination: destination }, undefined],
    ['a source', { asReplicationSource: source }, { asReplicationSource: source, asReplicationDestination: null }],
    [
      'a destination',
      { asReplicationSource: null, asReplicationDestination: destination },
      { asReplicationSource: null, asReplicationDestination: destination },
    ],
    [
      'a rule with its defaults',
      { asReplicationSource: { ...source, replicationRules: [shortRule, rule] } },
      {
        asReplicationSource: { ...source, replicationRules: [{ ...shortRule, ...defaults }, rule] },
        asReplicationDestination: null,
      },
    ],
    [
      'a rule with nulls, and with booleans as text',
      {
        asReplicationSource: {
          ...source,
          replicationRules: [
            { ...shortRule, fileNamePrefix: null, includeExistingFiles: null, isEnabled: null, priority: null },
            { ...rule, includeExistingFiles: 'true', isEnabled: 'false' },
          ],
        },
      },
      {
        asReplicationSource: { ...source, replicationRules: [{ ...shortRule, ...defaults }, rule] },
        asReplicationDestination: null,
      },
    ],
    ['nothing', {}, null],
    ['nulls', { asReplicationSource: null, asReplicationDestination: null }, null],
  ])('of %s is kept and shown by every version', async (_, given, expected) => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const shown = readable(expected === undefined ? given : expected);
    for (const version of apiVersions) {
      const bucket = { accountId, bucketName: `bucket-${version}`, bucketType: 'allPrivate' };
      const made = await server.ok('b2_create_bucket', { ...bucket, replicationConfiguration: given }, { version });
      expect(made.replicationConfiguration).toEqual(shown);
      const { bucketId } = made;
      const cleared = await server.ok('b2_update_bucket', { bucketId, replicationConfiguration: {} }, { version });
      expect(cleared.replicationConfiguration).toEqual(readable(null));
      await server.ok('b2_update_bucket', { bucketId, replicationConfiguration: given }, { version });
      // Absent, or null, is unchanged.
      await server.ok('b2_update_bucket', { bucketId, bucketInfo: {}, replicationConfiguration: null }, { version });
      const [listed] = (await server.ok('b2_list_buckets', { accountId, bucketId }, { version })).buckets;
      expect(listed?.replicationConfiguration).toEqual(shown);
    }
  });

  it('is withheld from who may not read it', async () => {
    const server = await TestServer.inMemory();
    const { accountId } = server;
    const bucketId = await server.createBucket('my-bucket', {
      replicationConfiguration: { asReplicationSource: source },
    });
    const withheld = { isClientAuthorizedToRead: false, value: null };
    const token = await server.restrictedToken([
      'listBuckets',
      'writeBuckets',
      'writeBucketReplications',
      'deleteBuckets',
    ]);
    const [listed] = (await server.ok('b2_list_buckets', { accountId }, { token })).buckets;
    expect(listed?.replicationConfiguration).toEqual(withheld);
    const settings = { replicationConfiguration: { asReplicationDestination: destination } };
    const updated = await server.ok('b2_update_bucket', { bucketId, ...settings }, { token });
    expect(updated.replicationConfiguration).toEqual(withheld);
    const deleted = await server.ok('b2_delete_bucket', { accountId, bucketId }, { token });
    expect(deleted.replicationConfiguration).toEqual(withheld);
  });

  it.each([0, 2_147_483_647])('may have rules of priority %d', async (priority) => {
    const server = await TestServer.inMemory();
    const replicationRules = [{ ...rule, priority }];
    const replicationConfiguration = { asReplicationSource: { ...source, replicationRules } };
    const bucketId = await server.createBucket('my-bucket', { replicationConfiguration });
    const [listed] = (await server.ok('b2_list_buckets', { accountId: server.accountId, bucketId })).buckets;
    expect(listed?.replicationConfiguration.value?.asReplicationSource?.replicationRules).toEqual(replicationRules);
  });
});

/** How long a file is shown as pending. */
const patience = 10 * 60_000;

async function scene(...replicationRules: readonly object[]) {
  const clock = fixedClock(1_700_000_000_000);
  const told: string[] = [];
  const server = await TestServer.inMemory({ clock, b2: { onReplicationRules: (bucketId) => told.push(bucketId) } });
  const configuration = (rules: readonly object[]) => ({
    replicationConfiguration: { asReplicationSource: { ...source, replicationRules: rules } },
  });
  const bucketId = await server.createBucket('my-bucket', configuration(replicationRules));
  const change = (...rules: readonly object[]) => server.ok('b2_update_bucket', { bucketId, ...configuration(rules) });
  /** The status of each file of the bucket, by name, as listed, in its info and on its download. */
  const statuses = async (headers: Readonly<Record<string, string>> = {}) => {
    const { files } = await server.ok('b2_list_file_names', { bucketId });
    const seen = await Promise.all(
      files.map(async (file) => {
        const info = await server.ok('b2_get_file_info', { fileId: file.fileId! });
        const read = await server.download(`/file/my-bucket/${file.fileName}`, { headers });
        const { replicationStatus } = file as { replicationStatus?: string | null };
        expect((info as { replicationStatus?: string | null }).replicationStatus).toBe(replicationStatus);
        expect(read.headers.get('x-bz-replication-status')).toBe(replicationStatus ?? undefined);
        return [file.fileName, replicationStatus] as const;
      }),
    );
    return Object.fromEntries(seen);
  };
  return { server, clock, bucketId, told, change, statuses };
}

const on = { ...rule, fileNamePrefix: 'p/', isEnabled: true, includeExistingFiles: false };

describe('the replication status of a file', () => {
  it.each([
    ['none', {}],
    ['SSE-B2', sseB2Headers],
  ])('with %s is PENDING when it is stored, and FAILED later, since nothing is replicated', async (_, headers) => {
    const { server, clock, bucketId, statuses } = await scene(on);
    const uploaded = (await server.upload(bucketId, 'p/a', 'x', { headers })).json;
    expect(uploaded.replicationStatus).toBe('PENDING');
    const copied = await server.ok('b2_copy_file', { sourceFileId: uploaded.fileId, fileName: 'p/b' });
    expect(copied.replicationStatus).toBe('PENDING');
    clock.advance(patience - 1);
    expect(await statuses()).toEqual({ 'p/a': 'PENDING', 'p/b': 'PENDING' });
    const later = (await server.upload(bucketId, 'p/c', 'x')).json;
    expect(later.replicationStatus).toBe('PENDING');
    clock.advance(1);
    expect(await statuses()).toEqual({ 'p/a': 'FAILED', 'p/b': 'FAILED', 'p/c': 'PENDING' });
  });

  it('of a large file begins when it is finished', async () => {
    const { server, clock, bucketId, statuses } = await scene(on);
    const start = { bucketId, fileName: 'p/large', contentType: 'text/plain' };
    const started = await server.ok('b2_start_large_file', start);
    expect(started).not.toHaveProperty('replicationStatus');
    const { fileId } = started;
    const parts = ['a'.repeat(10), 'b'];
    for (const [index, part] of parts.entries()) await server.uploadPart(fileId, index + 1, part);
    clock.advance(2 * patience);
    const finished = await server.ok('b2_finish_large_file', { fileId, partSha1Array: parts.map(sha1) });
    expect(finished.replicationStatus).toBe('PENDING');
    expect(await statuses()).toEqual({ 'p/large': 'PENDING' });
  });

  it('with SSE-C is null, also where it is copied, and on no download', async () => {
    const { server, clock, bucketId, statuses } = await scene(on);
    const key = customerKey(1);
    const uploaded = (await server.upload(bucketId, 'p/a', 'x', { headers: key.headers })).json;
    expect(uploaded.replicationStatus).toBeNull();
    const copy = { sourceFileId: uploaded.fileId, fileName: 'p/b', sourceServerSideEncryption: key.json };
    const kept = await server.ok('b2_copy_file', { ...copy, destinationServerSideEncryption: key.json });
    expect(kept.replicationStatus).toBeNull();
    clock.advance(patience);
    expect(await statuses(key.headers)).toEqual({ 'p/a': null, 'p/b': null });
    expect((await server.ok('b2_copy_file', { ...copy, fileName: 'p/c' })).replicationStatus).toBe('PENDING');
  });

  it('is absent where no rule that is on is for the file', async () => {
    const { server, bucketId, change, statuses } = await scene({ ...on, isEnabled: false });
    await server.upload(bucketId, 'p/a', 'x');
    await server.upload(bucketId, 'q', 'x');
    expect((await server.ok('b2_hide_file', { bucketId, fileName: 'q' })).action).toBe('hide');
    await server.upload(bucketId, 'r', 'x', { headers: sseB2Headers });
    expect(await statuses()).toEqual({ 'p/a': undefined, r: undefined });
    await change({ ...on, fileNamePrefix: 'q' });
    expect(await statuses()).toEqual({ 'p/a': undefined, r: undefined });
    const { files } = await server.ok('b2_list_file_versions', { bucketId });
    expect(files.find(({ action }) => action === 'hide')).not.toHaveProperty('replicationStatus');
  });

  it('is that of files stored while the rule is on, and of older ones where the rule includes them', async () => {
    const { server, clock, bucketId, change, statuses } = await scene({ ...on, isEnabled: false });
    await server.upload(bucketId, 'p/old', 'x');
    clock.advance(1_000);
    await change(on);
    await server.upload(bucketId, 'p/new', 'x');
    expect(await statuses()).toEqual({ 'p/old': undefined, 'p/new': 'PENDING' });
    clock.advance(1_000);
    await change({ ...on, priority: 7 });
    expect(await statuses()).toEqual({ 'p/old': undefined, 'p/new': 'PENDING' });
    await change({ ...on, includeExistingFiles: true });
    expect(await statuses()).toEqual({ 'p/old': 'PENDING', 'p/new': 'PENDING' });
    clock.advance(patience);
    expect(await statuses()).toEqual({ 'p/old': 'FAILED', 'p/new': 'FAILED' });
    await change({ ...on, isEnabled: false });
    await change(on);
    expect(await statuses()).toEqual({ 'p/old': undefined, 'p/new': undefined });
  });

  it('is none that the server keeps quiet about: it is told of every bucket that gets rules that are on', async () => {
    const { server, bucketId, told, change } = await scene({ ...on, isEnabled: false });
    expect(told).toEqual([]);
    await server.ok('b2_update_bucket', { bucketId, bucketType: 'allPublic' });
    expect(told).toEqual([]);
    await change({ ...on, isEnabled: false }, { ...on, priority: 2, replicationRuleName: 'other' });
    expect(told).toEqual([bucketId]);
  });

  it('takes nothing in the bucket that a verification does not know', async () => {
    const { server, bucketId } = await scene(on, { ...on, isEnabled: false, priority: 2, replicationRuleName: 'off' });
    await server.upload(bucketId, 'p/a', 'x');
    const findings: unknown[] = [];
    for await (const finding of (await server.storage.verification.begin({ bucketId })).findings())
      findings.push(finding);
    expect(findings).toEqual([]);
  });
});
