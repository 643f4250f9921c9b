import type { BucketId } from '@coffer/b2-schema';
import type { Client } from '@coffer/client';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useSession } from '../session/session-context.tsx';
import type { Bucket } from './bucket-queries.ts';

/** An event notification rule, as the server tells it. */
export type ServedRule = Awaited<
  ReturnType<Client['api']['getBucketNotificationRules']>
>['eventNotificationRules'][number];

const notificationsKey = ['notification rules'] as const;

/** The event notification rules of a bucket. */
export function useNotificationRules(bucketId: BucketId, isEnabled: boolean): UseQueryResult<readonly ServedRule[]> {
  const { client } = useSession();
  return useQuery({
    queryKey: [...notificationsKey, bucketId],
    queryFn: async ({ signal }) =>
      (await client.api.getBucketNotificationRules({ bucketId }, { signal })).eventNotificationRules,
    enabled: isEnabled,
  });
}

/** Has them read again, after they were changed. */
export function useRefreshNotificationRules(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: notificationsKey });
}

/** Each bucket's rules are a request, so with more buckets than these they are not counted. */
const mostCounted = 100;
/** How many buckets are asked for at the same time. */
const atOnce = 4;

/** How many notification rules each bucket has, by its id; empty if the key may not see that. */
export function useNotificationCounts(buckets: readonly Bucket[]): ReadonlyMap<string, number> {
  const { client, rights } = useSession();
  const ids = buckets.map(({ bucketId }) => bucketId);
  const { data } = useQuery({
    queryKey: [...notificationsKey, 'counts', ids],
    queryFn: async ({ signal }) => {
      const counts = new Map<string, number>();
      const waiting = [...ids];
      const count = async (): Promise<void> => {
        for (let bucketId = waiting.shift(); bucketId !== undefined; bucketId = waiting.shift()) {
          const { eventNotificationRules: rules } = await client.api.getBucketNotificationRules(
            { bucketId },
            { signal },
          );
          counts.set(bucketId, rules.length);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, count));
      return counts;
    },
    enabled: rights.has('readBucketNotifications') && ids.length > 0 && ids.length <= mostCounted,
  });
  return data ?? none;
}

const none: ReadonlyMap<string, number> = new Map();
