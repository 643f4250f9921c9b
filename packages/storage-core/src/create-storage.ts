import { accountService } from './accounts.ts';
import { applicationKeyService } from './application-keys.ts';
import { bucketService } from './buckets.ts';
import { copyFile, copyPart } from './copy-file.ts';
import { createCore } from './core.ts';
import { cancelLargeFile, deleteVersion } from './delete-version.ts';
import { getUnfinished, getVersion, getVisibleVersion, readerOf } from './find-version.ts';
import { finishLargeFile } from './finish-large-file.ts';
import { hideFile } from './hide-file.ts';
import { checkKeyring } from './keyring-canary.ts';
import { lifecycleService } from './lifecycle-service.ts';
import { listNames } from './list-names.ts';
import { listParts } from './list-parts.ts';
import { listUnfinished } from './list-unfinished.ts';
import { listVersions } from './list-versions.ts';
import { notificationOutbox } from './notification-outbox.ts';
import { notificationService } from './notification-rules.ts';
import { openFile } from './open-file.ts';
import { recover } from './recovery.ts';
import { startLargeFile } from './start-large-file.ts';
import type { Storage, StorageDependencies, StorageOptions } from './storage.ts';
import { tokenService } from './tokens.ts';
import { updateLegalHold, updateRetention } from './update-lock.ts';
import { uploadFile } from './upload-file.ts';
import { uploadPart } from './upload-part.ts';

/** The storage server over the given stores and keys. It holds no state of its own: several may work over the same stores. */
export function createStorage(dependencies: StorageDependencies, options?: Partial<StorageOptions>): Storage {
  const core = createCore(dependencies, options);
  return {
    options: core.options,
    accounts: accountService(core),
    applicationKeys: applicationKeyService(core),
    tokens: tokenService(core),
    buckets: bucketService(core),
    files: {
      upload: (file, content) => uploadFile(core, file, content),
      hide: (bucketId, name) => hideFile(core, bucketId, name),
      deleteVersion: (version) => deleteVersion(core, version),
      get: (fileId) => getVersion(core, fileId),
      getByName: (bucketId, name) => getVisibleVersion(core, bucketId, name),
    },
    largeFiles: {
      start: (file) => startLargeFile(core, file),
      get: (fileId) => getUnfinished(readerOf(core.metadata), fileId),
      uploadPart: (part, content) => uploadPart(core, part, content),
      listParts: (query) => listParts(core, query),
      finish: (fileId, partSha1s) => finishLargeFile(core, fileId, partSha1s),
      cancel: (fileId) => cancelLargeFile(core, fileId),
      listUnfinished: (query) => listUnfinished(core, query),
    },
    locks: {
      updateRetention: (version, retention, options) => updateRetention(core, version, retention, options),
      updateLegalHold: (version, legalHold) => updateLegalHold(core, version, legalHold),
    },
    copies: {
      copyFile: (copy) => copyFile(core, copy),
      copyPart: (copy) => copyPart(core, copy),
    },
    listings: {
      names: (query) => listNames(core, query),
      versions: (query) => listVersions(core, query),
    },
    reads: { open: (version, encryption) => openFile(core, version, encryption) },
    notifications: notificationService(core),
    outbox: notificationOutbox(core),
    lifecycle: lifecycleService(core),
    recovery: { recover: () => recover(core), checkKeyring: () => checkKeyring(core) },
    health: () => core.monitor.health,
  };
}
