import { accountService } from './accounts/accounts.ts';
import { metadataOfAccount } from './core/account-view.ts';
import { applicationKeyService } from './accounts/application-keys.ts';
import { bucketService } from './buckets/buckets.ts';
import { copyFile, copyPart } from './copies/copy-file.ts';
import { clockService } from './core/clock-mark.ts';
import { completeLargeFile } from './large-files/complete-large-file.ts';
import { createCore, type Core } from './core/core.ts';
import { readStoreIdentity } from './core/store-identity.ts';
import { cancelLargeFile, deleteVersion } from './files/delete-version.ts';
import { furtherChecksumOf, recordOf, shown } from './encryption/checksums.ts';
import { entityTags } from './encryption/entity-tags.ts';
import { getUnfinished, getVersion, getVisibleVersion, readerOf } from './records/find-version.ts';
import { finishLargeFile } from './large-files/finish-large-file.ts';
import { hideFile } from './files/hide-file.ts';
import { checkKeyring, makeStore, renewProof } from './recovery/keyring-canary.ts';
import { lifecycleService } from './lifecycle/lifecycle-service.ts';
import { listNames } from './listings/list-names.ts';
import { listParts } from './large-files/list-parts.ts';
import { listUnfinished } from './large-files/list-unfinished.ts';
import { listUnfinishedByName } from './listings/list-unfinished-by-name.ts';
import { listVersions } from './listings/list-versions.ts';
import { notificationOutbox } from './notifications/notification-outbox.ts';
import { notificationService } from './notifications/notification-rules.ts';
import { openFile } from './reads/open-file.ts';
import { genuineParts } from './reads/genuine-parts.ts';
import { partAt, partPlaces } from './reads/part-places.ts';
import { recoveryActions } from './recovery/recovery.ts';
import { snapshotRecords } from './snapshots/snapshot-records.ts';
import { startLargeFile } from './large-files/start-large-file.ts';
import type { AccountStorage, Storage, StorageDependencies, StorageOptions } from './services/storage.ts';
import { tokenService } from './accounts/tokens.ts';
import { updateLegalHold, updateRetention } from './locks/update-lock.ts';
import { uploadFile } from './files/upload-file.ts';
import { uploadPart } from './large-files/upload-part.ts';
import { verificationService } from './verification/verification-service.ts';

/**
 * The storage server over the given stores and keys. It holds no state of its own: several may work over the same
 * stores.
 *
 * @example
 * ```ts
 * const key = { id: 'key1', state: 'active', createdAt: Date.now(), key: SecretBytes.random(32) };
 * const storage = createStorage({
 *   metadata: createMemoryMetadataStore(),
 *   blobs: createMemoryBlobStore(),
 *   keys: new MemoryKeyProvider([key]),
 *   clock: systemClock,
 *   random: systemRandom,
 *   metadataSize: headerMetadataSize,
 * });
 * const { accountId } = await storage.accounts.bootstrap();
 * const bucket = await storage.buckets.create({ accountId, name: 'my-bucket', type: 'allPrivate', settings: {} });
 * assert.equal(bucket.defaultEncryption, 'none');
 * ```
 */
export function createStorage(dependencies: StorageDependencies, options?: Partial<StorageOptions>): Storage {
  const core = createCore(dependencies, options);
  return {
    ...accountStorage(core),
    ofAccount: storageOfAccounts(core),
    accounts: accountService(core),
    outbox: notificationOutbox(core),
    snapshots: snapshotRecords(core),
    lifecycle: lifecycleService(core),
    recovery: {
      ...recoveryActions(core),
      retire: () => core.blobWrites.retire(),
      makeStore: () => makeStore(core),
      identity: () => readStoreIdentity(core.metadata),
      checkKeyring: () => checkKeyring(core),
      renewProof: () => renewProof(core),
    },
    nodes: core.membership,
    verification: verificationService(core),
    clock: clockService(core),
    health: () => core.monitor.health,
  };
}

/** One view for each account that was asked for. Ids come from grants, so there are no more views than accounts. */
function storageOfAccounts(core: Core): Storage['ofAccount'] {
  const views = new Map<string, AccountStorage>();
  return (accountId) => {
    const known = views.get(accountId);
    if (known !== undefined) return known;
    const view = accountStorage({ ...core, metadata: metadataOfAccount(core.metadata, accountId) });
    views.set(accountId, view);
    return view;
  };
}

function accountStorage(core: Core): AccountStorage {
  return {
    options: core.options,
    applicationKeys: applicationKeyService(core),
    tokens: tokenService(core),
    buckets: bucketService(core),
    files: {
      upload: (file, content) => uploadFile(core, file, content),
      hide: async (bucketId, name, options) => shown(core, await hideFile(core, bucketId, name, options)),
      deleteVersion: async (version) => shown(core, await deleteVersion(core, version)),
      get: async (fileId) => shown(core, await getVersion(core, fileId)),
      getByName: async (bucketId, name) => shown(core, await getVisibleVersion(core, bucketId, name)),
    },
    largeFiles: {
      start: async (file, options) => shown(core, await startLargeFile(core, file, options?.furtherChecksum)),
      get: async (fileId) => shown(core, await getUnfinished(readerOf(core.metadata), fileId)),
      uploadPart: (part, content) => uploadPart(core, part, content),
      listParts: (query) => listParts(core, query),
      finish: async (fileId, partSha1s, options) =>
        shown(core, await finishLargeFile(core, fileId, partSha1s, options?.condition)),
      complete: async (fileId, parts, options) => shown(core, await completeLargeFile(core, fileId, parts, options)),
      cancel: async (fileId, options) => shown(core, await cancelLargeFile(core, fileId, options?.isSnapshot)),
      listUnfinished: (query) => listUnfinished(core, query),
    },
    locks: {
      updateRetention: async (version, retention, options) =>
        shown(core, await updateRetention(core, version, retention, options)),
      updateLegalHold: async (version, legalHold) => shown(core, await updateLegalHold(core, version, legalHold)),
    },
    copies: {
      copyFile: (copy) => copyFile(core, copy),
      copyPart: (copy) => copyPart(core, copy),
    },
    listings: {
      names: (query) => listNames(core, query),
      versions: (query) => listVersions(core, query),
      unfinished: (query) => listUnfinishedByName(core, query),
    },
    reads: {
      open: (version, encryption) => openFile(core, recordOf(version), encryption),
      check: async (version) => {
        await genuineParts(core, recordOf(version));
      },
      entityTags: (versions) => entityTags(core, versions),
      furtherChecksum: (version) => furtherChecksumOf(core, version),
      parts: (version, query) => partPlaces(core, recordOf(version), query),
      partAt: (version, partNumber) => partAt(core, recordOf(version), partNumber),
    },
    notifications: notificationService(core),
  };
}
