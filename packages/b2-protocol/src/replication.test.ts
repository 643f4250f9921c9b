import { apiVersions } from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import { TestServer } from './test-support/test-server.ts';

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

  it('makes no file claim that it is, or is going to be, replicated', async () => {
    const server = await TestServer.inMemory();
    const always = { ...rule, fileNamePrefix: '', isEnabled: true };
    const bucketId = await server.createBucket('my-bucket', {
      replicationConfiguration: { asReplicationSource: { ...source, replicationRules: [always] } },
    });
    const uploaded = (await server.upload(bucketId, 'p/a', 'x')).json;
    const { fileId } = uploaded;
    const copied = await server.ok('b2_copy_file', { sourceFileId: fileId, fileName: 'p/b' });
    const info = await server.ok('b2_get_file_info', { fileId });
    const { files } = await server.ok('b2_list_file_versions', { bucketId });
    for (const file of [uploaded, copied, info, ...files]) expect(file).not.toHaveProperty('replicationStatus');
    const { headers } = await server.download('/file/my-bucket/p/a');
    expect(headers.has('x-bz-replication-status')).toBe(false);
  });
});
