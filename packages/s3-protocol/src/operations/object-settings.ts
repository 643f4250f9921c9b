import {
  aclXml,
  checkRetainUntil,
  chooseAcl,
  invalidRequest,
  legalHoldXml,
  noTagsXml,
  retentionXml,
  S3Error,
  s3Headers,
} from '@coffer/s3-schema';
import type { FileVersion } from '@coffer/storage-core';
import { findVersion, markerRefusal } from '../objects/find-version.ts';
import { aclOf, requireBucketAcl } from '../objects/new-object.ts';
import { retentionView } from '../objects/views.ts';
import { emptyResponse, xmlResponse } from '../request/responses.ts';
import type { Handler, ObjectCall } from './handler.ts';

type SettingName =
  | 'GetObjectAcl'
  | 'PutObjectAcl'
  | 'GetObjectTagging'
  | 'GetObjectRetention'
  | 'PutObjectRetention'
  | 'GetObjectLegalHold'
  | 'PutObjectLegalHold';

/** The version whose settings are asked for or changed. Its customer key is not needed. */
function versionOf(call: ObjectCall<SettingName>): Promise<FileVersion> {
  const { bucket, key, request, storage } = call;
  return findVersion(storage, {
    bucket,
    key,
    versionId: call.input.query.versionId,
    ofMarker: markerRefusal(request),
  });
}

function requireLocks({ bucket }: ObjectCall<SettingName>): void {
  if (!bucket.fileLockEnabled) throw invalidRequest('Bucket is missing Object Lock Configuration');
}

const noLock = (key: string) => new S3Error('NoSuchObjectLockConfiguration', { details: { Key: key } });

/** AWS docs `GetObjectAcl`: an object has the ACL of its bucket (B2 docs "S3 Compatible API"). */
export const getObjectAcl: Handler<'GetObjectAcl'> = async (call) => {
  const { fileId } = await versionOf(call);
  return xmlResponse(aclXml(aclOf(call.bucket), { id: call.bucket.accountId }), [[s3Headers.versionId, fileId]]);
};

/** AWS docs `PutObjectAcl`: takes the ACL that the object has, and no other. */
export const putObjectAcl: Handler<'PutObjectAcl'> = async (call) => {
  await versionOf(call);
  requireBucketAcl(chooseAcl(call.input.headers.acl, call.document, { id: call.bucket.accountId }), call.bucket);
  return emptyResponse();
};

/** AWS docs `GetObjectTagging`. Objects have no tags; clients ask for them before they copy a large one. */
export const getObjectTagging: Handler<'GetObjectTagging'> = async (call) => {
  const { fileId } = await versionOf(call);
  return xmlResponse(noTagsXml(), [[s3Headers.versionId, fileId]]);
};

/** AWS docs `GetObjectRetention`. */
export const getObjectRetention: Handler<'GetObjectRetention'> = async (call) => {
  requireLocks(call);
  const retention = retentionView(await versionOf(call));
  if (retention === undefined) throw noLock(call.key);
  return xmlResponse(retentionXml(retention));
};

/** AWS docs `PutObjectRetention`. */
export const putObjectRetention: Handler<'PutObjectRetention'> = async (call) => {
  requireLocks(call);
  const { document, input, key, options, storage } = call;
  const { mode, retainUntilTimestamp } = document;
  if (mode !== null) checkRetainUntil(retainUntilTimestamp, options.clock.now());
  const { fileId } = await versionOf(call);
  const retention = mode === null ? null : { mode, retainUntil: retainUntilTimestamp };
  const { bypassGovernance } = input.headers;
  await storage.locks.updateRetention({ name: key, fileId }, retention, { bypassGovernance });
  return emptyResponse();
};

/** AWS docs `GetObjectLegalHold`. */
export const getObjectLegalHold: Handler<'GetObjectLegalHold'> = async (call) => {
  requireLocks(call);
  const { legalHold } = await versionOf(call);
  if (legalHold === null) throw noLock(call.key);
  return xmlResponse(legalHoldXml(legalHold));
};

/** AWS docs `PutObjectLegalHold`. */
export const putObjectLegalHold: Handler<'PutObjectLegalHold'> = async (call) => {
  requireLocks(call);
  const { fileId } = await versionOf(call);
  await call.storage.locks.updateLegalHold({ name: call.key, fileId }, call.document);
  return emptyResponse();
};
