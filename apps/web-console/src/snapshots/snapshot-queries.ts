import { consoleOperations, type ParsedConsoleResponseOf } from '@coffer/console-schema';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { Rights } from '../session/rights.ts';
import { useSession } from '../session/session-context.tsx';

/** A snapshot and how far it is. */
export type Snapshot = ParsedConsoleResponseOf<'coffer_list_snapshots'>['snapshots'][number];

const snapshotsKey = ['snapshots'] as const;

/** Milliseconds between questions how far the snapshots are, while one is being made. */
const pollMs = 1_500;

/** Whether the server still works on it. */
export function isUnderWay({ state }: Pick<Snapshot, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

/** Pages that are asked for at most: the server keeps some hundred snapshots that have ended. */
const mostPages = 10;

/** The snapshots of the account, newest first. Asked again and again while one of them is being made. */
export function useSnapshots(isAllowed: boolean): UseQueryResult<readonly Snapshot[]> {
  const { client } = useSession();
  return useQuery({
    queryKey: snapshotsKey,
    enabled: isAllowed,
    queryFn: async ({ signal }) => {
      const found: Snapshot[] = [];
      let before: string | null = null;
      for (let page = 0; page < mostPages; page++) {
        const place: { before?: string } = before === null ? {} : { before };
        const answer: ParsedConsoleResponseOf<'coffer_list_snapshots'> = await client.call(
          consoleOperations.coffer_list_snapshots,
          place,
          { signal },
        );
        found.push(...answer.snapshots);
        before = answer.nextBefore;
        if (before === null) break;
      }
      return found;
    },
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) === true ? pollMs : false),
  });
}

/** Has the snapshots listed again. */
export function useRefreshSnapshots(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: snapshotsKey });
}

/** What keeps a key from making and seeing snapshots, in words; undefined: nothing. */
export function snapshotObstacle(rights: Rights): string | undefined {
  const needed = ['listFiles', 'readFiles', 'writeFiles'] as const;
  const missing = needed.filter((capability) => !rights.has(capability));
  if (missing.length > 0) return `This key lacks ${missing.join(', ')}.`;
  if (rights.buckets !== undefined) return 'This key is restricted to some buckets, and snapshots are of the account.';
  if (rights.namePrefix !== '') return 'This key is restricted to a prefix of names, and snapshots are of the account.';
  return undefined;
}
