import type { Capability } from '@coffer/b2-schema';
import type { Client } from '@coffer/client';
import { useSession } from '../../session/session-context.tsx';
import type { Rights } from '../../session/rights.ts';
import { useRefreshBuckets, type Bucket } from '../bucket-queries.ts';

type Changes = Omit<Parameters<Client['api']['updateBucket']>[0], 'bucketId' | 'ifRevisionIs' | 'accountId'>;

/**
 * Changes settings of a bucket, if it still is as this page knows it.
 *
 * @throws ClientError `conflict` if it is not.
 */
export function useUpdateBucket(bucket: Bucket): (changes: Changes) => Promise<void> {
  const { client } = useSession();
  const refresh = useRefreshBuckets();
  return async (changes) => {
    await client.api.updateBucket({ bucketId: bucket.bucketId, ifRevisionIs: bucket.revision, ...changes });
    await refresh();
  };
}

/** Why a key may not change settings of a bucket, as a sentence; undefined if it may. */
export function readOnlyReason(rights: Rights, ...also: readonly Capability[]): string | undefined {
  const lacking = (['writeBuckets', ...also] as const).filter((capability) => !rights.has(capability));
  if (lacking.length > 0) return lackingText(lacking);
  if (rights.namePrefix !== '') {
    return 'This key may not change it: it is restricted to names with a prefix, and this is about all names.';
  }
  return undefined;
}

/** `This key may not change it: it lacks writeBuckets.` */
export function lackingText(lacking: readonly Capability[]): string {
  const what = lacking.length === 1 ? 'capability' : 'capabilities';
  return `This key may not change it: it lacks the ${what} ${lacking.join(' and ')}.`;
}
