import type { OperationNameOf } from '@coffer/b2-schema';
import { sha1, type TestServer } from './test-server.ts';

/** Fields with which each JSON operation succeeds once, on the server that {@link validCalls} prepared. */
export type ValidCalls = { readonly [Name in OperationNameOf<'json'>]: Readonly<Record<string, unknown>> };

/** Prepares a server so that each JSON operation has something to succeed on. */
export async function validCalls(server: TestServer): Promise<ValidCalls> {
  const { accountId } = server;
  const bucketId = await server.createBucket('bucket-full');
  const emptyBucket = await server.createBucket('bucket-empty');
  const lockedBucket = await server.createBucket('bucket-locked', { fileLockEnabled: true });
  const locked = (await server.upload(lockedBucket, 'locked', 'content')).json.fileId;
  const put = async (name: string) => (await server.upload(bucketId, name, 'content')).json.fileId;
  const [kept, deleted] = [await put('kept'), await put('deleted')];
  await put('hidden');
  const start = { bucketId, fileName: 'large', contentType: 'text/plain' };
  const begin = async () => (await server.ok('b2_start_large_file', start)).fileId;
  const [finished, cancelled, growing] = [await begin(), await begin(), await begin()];
  const part = 'a'.repeat(10);
  await server.uploadPart(finished, 1, part);
  await server.uploadPart(finished, 2, part);
  await server.uploadPart(cancelled, 1, part);
  const newKey = { accountId, keyName: 'a-key', capabilities: ['readFiles'] };
  const { applicationKeyId } = await server.ok('b2_create_key', newKey);
  const rule = {
    ...{ name: 'my-rule', eventTypes: ['b2:ObjectCreated:*'], isEnabled: true, objectNamePrefix: '' },
    targetConfiguration: { targetType: 'webhook', url: 'https://example.com/' },
  };
  await server.ok('b2_set_bucket_notification_rules', { bucketId, eventNotificationRules: [rule] });
  return {
    b2_authorize_account: {},
    b2_cancel_large_file: { fileId: cancelled },
    b2_copy_file: { sourceFileId: kept, fileName: 'copy' },
    b2_copy_part: { sourceFileId: kept, largeFileId: growing, partNumber: 1 },
    b2_create_bucket: { accountId, bucketName: 'bucket-new', bucketType: 'allPrivate' },
    b2_create_key: newKey,
    b2_delete_bucket: { accountId, bucketId: emptyBucket },
    b2_delete_file_version: { fileId: deleted, fileName: 'deleted' },
    b2_delete_key: { applicationKeyId },
    b2_finish_large_file: { fileId: finished, partSha1Array: [sha1(part), sha1(part)] },
    b2_get_bucket_notification_rules: { bucketId },
    b2_get_download_authorization: { bucketId, fileNamePrefix: 'k', validDurationInSeconds: 60 },
    b2_get_file_info: { fileId: kept },
    b2_get_upload_part_url: { fileId: growing },
    b2_get_upload_url: { bucketId },
    b2_hide_file: { bucketId, fileName: 'hidden' },
    b2_list_buckets: { accountId },
    b2_list_file_names: { bucketId },
    b2_list_file_versions: { bucketId },
    b2_list_keys: { accountId },
    b2_list_parts: { fileId: growing },
    b2_list_unfinished_large_files: { bucketId },
    b2_set_bucket_notification_rules: { bucketId, eventNotificationRules: [rule] },
    b2_start_large_file: start,
    b2_update_bucket: { bucketId },
    b2_update_file_legal_hold: { fileId: locked, fileName: 'locked', legalHold: 'on' },
    b2_update_file_retention: {
      ...{ fileId: locked, fileName: 'locked' },
      fileRetention: { mode: 'governance', retainUntilTimestamp: 1_800_000_000_000 },
    },
  };
}
