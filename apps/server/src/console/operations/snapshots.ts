import { B2Error, type ExtensionHandlers } from '@coffer/b2-protocol';
import type { ConsoleOperations, ConsoleRequestOf, WireLeftOut, WireSnapshot, WireTally } from '@coffer/console-schema';
import { snapshotBucketName, type Selection, type SnapshotService } from '@coffer/snapshots';
import type { Grant } from '@coffer/storage-core';
import type { FileTally, LeftOutFiles, SnapshotCursor, SnapshotRecord } from '@coffer/storage-ports';

type SnapshotOperation =
  | 'coffer_plan_snapshot'
  | 'coffer_create_snapshot'
  | 'coffer_list_snapshots'
  | 'coffer_cancel_snapshot'
  | 'coffer_forget_snapshot';

/** The operations that are about snapshots. Their rows ask for the capabilities. */
export function snapshotHandlers(
  snapshots: SnapshotService,
): Pick<ExtensionHandlers<ConsoleOperations>, SnapshotOperation> {
  return {
    coffer_plan_snapshot: async ({ cursor, ...input }, { grant }) => {
      requireUnrestricted(grant);
      const from = cursor === undefined ? undefined : readCursor(cursor);
      const { files, encrypted, absent, next } = await snapshots.plan(grant.accountId, selectionOf(input), from);
      return {
        included: tallyOf(files),
        ...{ encrypted: leftOutOf(encrypted), absent: leftOutOf(absent) },
        nextCursor: next === null ? null : printCursor(next),
      };
    },
    coffer_create_snapshot: async ({ title, requestId, ...input }, { grant }) => {
      requireUnrestricted(grant);
      const optional = { ...(title !== undefined && { title }), ...(requestId !== undefined && { requestId }) };
      const wanted = { selection: selectionOf(input), ...optional };
      return wireSnapshotOf(await snapshots.create(grant.accountId, wanted));
    },
    coffer_list_snapshots: async ({ before, maxSnapshotCount: limit }, { grant }) => {
      requireUnrestricted(grant);
      const place = before === undefined ? { limit } : { before, limit };
      const page = await snapshots.list(grant.accountId, place);
      return {
        snapshots: page.snapshots.map((snapshot) => wireSnapshotOf(snapshot, snapshot.isFileDeleted)),
        nextBefore: page.next,
      };
    },
    coffer_cancel_snapshot: async ({ snapshotId }, { grant }) => {
      requireUnrestricted(grant);
      return wireSnapshotOf(await snapshots.cancel(grant.accountId, snapshotId));
    },
    coffer_forget_snapshot: async ({ snapshotId }, { grant }) => {
      requireUnrestricted(grant);
      await snapshots.forget(grant.accountId, snapshotId);
      return { snapshotId };
    },
  };
}

/** Snapshots lie in a bucket of their own, and their lists name files of every bucket. */
function requireUnrestricted({ bucketIds, namePrefix }: Grant): void {
  const to = [...(bucketIds === null ? [] : ['buckets']), ...(namePrefix === null ? [] : ['names with a prefix'])];
  if (to.length > 0)
    throw new B2Error(
      'unauthorized',
      `Snapshots need an application key without restrictions; this one is restricted to ${to.join(' and ')}`,
    );
}

function selectionOf({
  bucketId,
  files,
  folders,
}: Pick<ConsoleRequestOf<'coffer_create_snapshot'>, 'bucketId' | 'files' | 'folders'>): Selection {
  return { bucketId, files, folders };
}

/** A place in a plan as a text: the number of the item, and a slash and a name if the place is within the item. */
function printCursor({ item, after }: SnapshotCursor): string {
  return after === null ? String(item) : `${item}/${after}`;
}

function readCursor(text: string): SnapshotCursor {
  const [, item, after] = /^([0-9]{1,4})(?:\/(.{1,1024}))?$/su.exec(text) ?? [];
  if (item === undefined) throw new B2Error('bad_request', 'The cursor is not one of this selection');
  return { item: Number(item), after: after ?? null };
}

/** One that has just been asked for or cancelled has no file that could be deleted. */
function wireSnapshotOf(snapshot: SnapshotRecord, isFileDeleted = false): WireSnapshot {
  const { snapshotId, state, bucketId, bucketName, fileName, selected, upload, size, failure } = snapshot;
  return {
    ...{ snapshotId, state, bucketId, bucketName, fileName, failure },
    snapshotBucketName: snapshotBucketName(snapshot.accountId),
    fileId: state === 'done' ? (upload?.fileId ?? null) : null,
    contentLength: size,
    isFileDeleted,
    ...{ selectedFiles: selected.files, selectedFolders: selected.folders },
    createdTimestamp: snapshot.createdAt,
    startedTimestamp: snapshot.startedAt,
    endedTimestamp: snapshot.endedAt,
    isCounted: snapshot.listing.next === null,
    ...{ total: tallyOf(snapshot.total), done: tallyOf(snapshot.done) },
    encrypted: leftOutOf(snapshot.encrypted),
    absent: leftOutOf(snapshot.absent),
    deleted: leftOutOf(snapshot.deleted),
    renamed: {
      fileCount: snapshot.renamed.files,
      files: snapshot.renamed.names.map(({ name, storedAs }) => ({ fileName: name, storedAs })),
    },
  };
}

function tallyOf({ files, bytes }: FileTally): WireTally {
  return { fileCount: files, totalBytes: bytes };
}

function leftOutOf({ names, ...tally }: LeftOutFiles): WireLeftOut {
  return { ...tallyOf(tally), fileNames: [...names] };
}
