import type { BucketId, FileId } from '@coffer/b2-schema';
import type { Client } from '@coffer/client';
import { notifyManager, useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useSession } from '../session/session-context.tsx';
import { pageSize, readListing, readMore, type FileListing } from './file-listing.ts';
import type { ListedPlace } from './file-place.ts';
import type { FileVersion } from './file-rows.ts';

/** What is known of files of a bucket has keys that begin so. */
function filesKey(bucketId: BucketId): readonly string[] {
  return ['files', bucketId];
}

/** Has everything about the files of a bucket read again, after something has changed. */
export function useRefreshFiles(): (bucketId: BucketId) => Promise<void> {
  const queries = useQueryClient();
  return useCallback(
    async (bucketId) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: filesKey(bucketId) }),
        ...longListings(queries, bucketId).map((query) =>
          // What failed is told where the list is.
          query.fetch(undefined, { cancelRefetch: true }).catch(() => undefined),
        ),
      ]);
    },
    [queries],
  );
}

/** How long what was read passes as new, in milliseconds. */
const freshFor = 10_000;

/** The listings on the page that are not read again whenever files change (see `useListing`). */
function longListings(queries: QueryClient, bucketId: BucketId) {
  const queryKey = [...filesKey(bucketId), 'listing'];
  return queries
    .getQueryCache()
    .findAll({ queryKey, type: 'active' })
    .filter((query) => query.isStatic());
}

/** The rows of a place, page by page. */
export interface LoadedListing {
  /** Undefined while the first page is loaded. */
  readonly listing: FileListing | undefined;
  /** Why the first page, or the next one, could not be loaded. */
  readonly error: unknown;
  readonly isLoading: boolean;
  /** Whether files have changed since, so that it may not be what is there. */
  readonly isOutdated: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

/**
 * Lists a place. Rows that were loaded stay while they are read again.
 *
 * During uploads, files change every second. A list of one page is read again each time. One of several pages would
 * never come to an end with that, and nothing could be loaded behind it: it only says that it is outdated, until it is
 * opened or asked for again, or something is done to its files on this page.
 */
export function useListing(bucketId: BucketId, place: ListedPlace): LoadedListing {
  const { client } = useSession();
  const queries = useQueryClient();
  const { kind, prefix, isFolded } = place;
  const queryKey = [...filesKey(bucketId), 'listing', kind, isFolded ? 'folded' : 'flat', prefix];
  const source = { client, bucketId, place };
  const running = useRef<AbortController>(undefined);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => readListing(source, queries.getQueryData<FileListing>(queryKey)?.size ?? 0, signal),
    // Asked whenever files have changed, not while the page is drawn.
    staleTime: ({ state }) => (running.current || (state.data?.size ?? 0) > pageSize ? 'static' : freshFor),
    // Reading many pages again only because somebody looked at another tab would cost more than it is worth.
    refetchOnWindowFocus: ({ state }) => (state.data?.size ?? 0) <= pageSize,
    gcTime: 60_000,
    structuralSharing: false,
  });
  const [more, setMore] = useState<{ readonly isLoading: boolean; readonly error?: unknown }>({ isLoading: false });
  const identity = JSON.stringify(queryKey);
  const isOutdated = useSyncExternalStore(
    useCallback((onChange) => queries.getQueryCache().subscribe(notifyManager.batchCalls(onChange)), [queries]),
    () => queries.getQueryState(queryKey)?.isInvalidated ?? false,
  );
  useEffect(() => {
    setMore({ isLoading: false });
    const state = queries.getQueryState<FileListing>(queryKey);
    const isOld = state?.isInvalidated === true || Date.now() - (state?.dataUpdatedAt ?? 0) > freshFor;
    if ((state?.data?.size ?? 0) > pageSize && isOld) void query.refetch();
    return () => {
      running.current?.abort();
      running.current = undefined;
    };
  }, [identity]);

  const loadMore = (): void => {
    const listing = query.data;
    if (!listing?.canGrow || query.isFetching || running.current) return;
    const controller = (running.current = new AbortController());
    setMore({ isLoading: true });
    void readMore(source, listing, controller.signal)
      .then(
        (grown) => {
          const cached = queries.getQueryCache().find({ queryKey });
          const wasOutdated = cached?.state.isInvalidated === true;
          queries.setQueryData<FileListing>(queryKey, (present) => (present === listing ? grown : present));
          // The rows before are no newer by that.
          if (wasOutdated) cached.invalidate();
          return undefined;
        },
        (error: unknown) => error,
      )
      .then((error) => {
        if (running.current !== controller) return;
        running.current = undefined;
        setMore({ isLoading: false, error });
      });
  };
  return {
    listing: query.data,
    error: query.error ?? more.error,
    isLoading: query.isFetching || more.isLoading,
    isOutdated: isOutdated && !query.isFetching,
    loadMore,
    reload: () => {
      setMore({ isLoading: false });
      void query.refetch();
    },
  };
}

const versionsPageSize = 100;

/** A page of the versions of one name, the newest first. */
async function readVersions(
  client: Client,
  { bucketId, name, from }: { readonly bucketId: BucketId; readonly name: string; readonly from: FileId | undefined },
  signal: AbortSignal,
): Promise<{ readonly versions: readonly FileVersion[]; readonly next: FileId | null }> {
  const fields = { bucketId, prefix: name, startFileName: name, startFileId: from, maxFileCount: versionsPageSize };
  const { files, nextFileName, nextFileId } = await client.api.listFileVersions(fields, { signal });
  const versions = files.filter((file): file is FileVersion => file.action !== 'folder' && file.fileName === name);
  return { versions, next: nextFileName === name ? nextFileId : null };
}

/** All versions of a name, hide markers and unfinished large files among them. */
export function useVersions(bucketId: BucketId, name: string) {
  const { client } = useSession();
  return useInfiniteQuery({
    queryKey: [...filesKey(bucketId), 'versions', name],
    queryFn: ({ pageParam, signal }) => readVersions(client, { bucketId, name, from: pageParam }, signal),
    initialPageParam: undefined as FileId | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** One version of a name; null if there is none (any more). */
export function useVersion(bucketId: BucketId, name: string, fileId: string, isEnabled: boolean) {
  const { client } = useSession();
  return useQuery({
    queryKey: [...filesKey(bucketId), 'version', name, fileId],
    queryFn: async ({ signal }) => {
      const { versions } = await readVersions(client, { bucketId, name, from: fileId as FileId }, signal);
      return versions.find((version) => version.fileId === fileId) ?? null;
    },
    enabled: isEnabled,
  });
}

/** How much of an unfinished large file has arrived. */
export function useParts(bucketId: BucketId, fileId: string, isEnabled: boolean) {
  const { client } = useSession();
  return useQuery({
    queryKey: [...filesKey(bucketId), 'parts', fileId],
    queryFn: async ({ signal }) => {
      let [count, bytes] = [0, 0];
      for await (const part of client.list.parts({ fileId: fileId as FileId, maxPartCount: 1_000 }, { signal })) {
        count++;
        bytes += part.contentLength;
      }
      return { count, bytes };
    },
    enabled: isEnabled,
  });
}
