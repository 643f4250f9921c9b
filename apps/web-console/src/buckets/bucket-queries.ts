import type { BucketId } from '@coffer/b2-schema';
import type { Client } from '@coffer/client';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useSession } from '../session/session-context.tsx';
import type { Session } from '../session/session.ts';

/** A bucket, as `b2_list_buckets` tells it. */
export type Bucket = Awaited<ReturnType<Client['api']['listBuckets']>>['buckets'][number];

const bucketsKey = ['buckets'] as const;

/** All buckets that the key may see, by name. A key that is restricted to buckets has to ask for each of them. */
async function listBuckets({ client, account, rights }: Session, signal: AbortSignal): Promise<readonly Bucket[]> {
  const { accountId } = account;
  if (rights.buckets === undefined) {
    return (await client.api.listBuckets({ accountId, bucketTypes: ['all'] }, { signal })).buckets;
  }
  const pages = await Promise.all(
    rights.buckets.map(({ id }) =>
      client.api.listBuckets({ accountId, bucketId: id as BucketId, bucketTypes: ['all'] }, { signal }),
    ),
  );
  return pages.flatMap(({ buckets }) => buckets).sort((one, other) => (one.bucketName < other.bucketName ? -1 : 1));
}

/** The buckets that the key may see. `isEnabled`: whether they are asked for at all. */
export function useBuckets(isEnabled = true): UseQueryResult<readonly Bucket[]> {
  const session = useSession();
  return useQuery({
    queryKey: bucketsKey,
    queryFn: ({ signal }) => listBuckets(session, signal),
    enabled: isEnabled,
  });
}

/** One of them; `data` is null if there is none of that name, or none that the key may see. */
export function useBucket(bucketName: string): UseQueryResult<Bucket | null> {
  const session = useSession();
  return useQuery({
    queryKey: bucketsKey,
    queryFn: ({ signal }) => listBuckets(session, signal),
    select: (buckets) => buckets.find((bucket) => bucket.bucketName === bucketName) ?? null,
  });
}

/** Has the buckets listed again, after one has changed. */
export function useRefreshBuckets(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: bucketsKey });
}

/**
 * How a bucket encrypts new files that ask for nothing: the mode, `none`, or undefined if this key may not see it
 * (capability `readBucketEncryption`).
 */
export function defaultModeOf({
  defaultServerSideEncryption: setting,
}: Bucket): 'SSE-B2' | 'SSE-C' | 'none' | undefined {
  if (!setting.isClientAuthorizedToRead || setting.value === null) return undefined;
  return setting.value.mode ?? 'none';
}
