import { replicationStatus, type FileVersion } from '@coffer/storage-core';
import {
  hideMarkerContent,
  largeFileSha1,
  printStoredSha1,
  type WireFolder,
  type WireHideMarker,
  type WireStartedFile,
  type WireStoredFile,
} from '@coffer/b2-schema';
import { printB2View, printReadable, viewOf, type EncryptionRequest } from '@coffer/sse-schema';
import type { BucketRecord } from '@coffer/storage-ports';
import { may, type CapabilitySet } from './capability-set.ts';

/** Who sees a stored file, and what decides how it is shown. */
export interface FileAudience {
  readonly caller: CapabilitySet;
  /** The bucket of the file, whose rules say whether the file is to be replicated; undefined if the bucket is gone. */
  readonly bucket: BucketRecord | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * A stored file, as a caller sees it. `given` is the encryption that the answered request asked for, if it carried one.
 */
export function storedFileView(
  version: FileVersion,
  audience: FileAudience,
  given?: EncryptionRequest,
  action: WireStoredFile['action'] = 'upload',
): WireStoredFile {
  return {
    ...commonView(version),
    ...protectionView(version, audience.caller, given),
    ...contentView(version),
    ...replicationView(version, audience),
    action,
  };
}

/** A large file that is not finished. */
export function startedFileView(
  version: FileVersion,
  caller: CapabilitySet,
  given?: EncryptionRequest,
): WireStartedFile {
  return {
    ...commonView(version),
    ...protectionView(version, caller, given),
    action: 'start',
    contentLength: 0,
    contentMd5: null,
    contentSha1: largeFileSha1,
    contentType: version.contentType,
    fileId: version.fileId,
  };
}

/** A hide marker: it has no data, so nothing is said of encryption or locks. */
export function hideMarkerView(version: FileVersion): WireHideMarker {
  return { ...commonView(version), ...hideMarkerContent, action: 'hide', fileId: version.fileId };
}

/** Any version, in the form of its action. */
export function fileVersionView(
  version: FileVersion,
  audience: FileAudience,
): WireStoredFile | WireStartedFile | WireHideMarker {
  switch (version.action) {
    case 'upload':
      return storedFileView(version, audience);
    case 'start':
      return startedFileView(version, audience.caller);
    case 'hide':
      return hideMarkerView(version);
  }
}

/** A folder: it stands for all names that are the same up to a delimiter. */
export function folderView(bucket: BucketRecord, name: string): WireFolder {
  return {
    accountId: bucket.accountId,
    action: 'folder',
    bucketId: bucket.bucketId,
    contentLength: 0,
    contentMd5: null,
    contentSha1: null,
    contentType: null,
    fileId: null,
    fileInfo: {},
    fileName: name,
    uploadTimestamp: 0,
  };
}

/** `contentSha1` of a stored file, and `X-Bz-Content-Sha1` of its download: a large file has none of its own. */
export function sha1View({ contentSha1 }: FileVersion): string {
  return contentSha1 === null ? largeFileSha1 : printStoredSha1(contentSha1.sha1, contentSha1.verified);
}

function commonView(version: FileVersion) {
  return {
    accountId: version.accountId,
    bucketId: version.bucketId,
    fileInfo: { ...version.fileInfo },
    fileName: version.name,
    uploadTimestamp: version.uploadTimestamp,
  };
}

function contentView(version: FileVersion) {
  return {
    contentLength: version.size,
    contentMd5: version.contentMd5,
    contentSha1: sha1View(version),
    contentType: version.contentType,
    fileId: version.fileId,
  };
}

/** Empty if no replication rule applies to the file. */
function replicationView(
  version: FileVersion,
  { bucket, now }: FileAudience,
): Pick<WireStoredFile, 'replicationStatus'> {
  const status = bucket && replicationStatus(bucket, version, now);
  return status === undefined ? {} : { replicationStatus: status };
}

function protectionView(version: FileVersion, caller: CapabilitySet, given: EncryptionRequest | undefined) {
  const { retention, legalHold, encryption } = version;
  const fileRetention = { mode: retention?.mode ?? null, retainUntilTimestamp: retention?.retainUntil ?? null };
  return {
    fileRetention: printReadable(fileRetention, may(caller, 'readFileRetentions')),
    legalHold: printReadable(legalHold, may(caller, 'readFileLegalHolds')),
    serverSideEncryption: printB2View(viewOf(encryption.mode, given)),
  };
}
