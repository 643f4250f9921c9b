import type { Client } from '@coffer/client';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useSession } from '../session/session-context.tsx';

/** An application key, as `b2_list_keys` tells it. */
export type ApplicationKey = Awaited<ReturnType<Client['api']['listKeys']>>['keys'][number];

const keysKey = ['application keys'] as const;
const pageSize = 1_000;

/** The application keys, page by page. */
export function useApplicationKeys(isEnabled: boolean) {
  const { client } = useSession();
  return useInfiniteQuery({
    queryKey: keysKey,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      // One more than is shown: with it the next page begins. So a page is one request.
      const fields = {
        maxKeyCount: pageSize + 1,
        ...(pageParam !== undefined && { startApplicationKeyId: pageParam }),
      };
      const keys: ApplicationKey[] = [];
      for await (const key of client.list.keys(fields, { signal })) {
        keys.push(key);
        if (keys.length > pageSize) break;
      }
      return keys;
    },
    getNextPageParam: (page) => page[pageSize]?.applicationKeyId as string | undefined,
    select: allKeys,
    enabled: isEnabled,
  });
}

// One function for all renders: so the list is put together anew only when a page has come.
const allKeys = ({ pages }: { readonly pages: readonly (readonly ApplicationKey[])[] }): readonly ApplicationKey[] =>
  pages.flatMap((page) => page.slice(0, pageSize));

/** Has them listed again. */
export function useRefreshApplicationKeys(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: keysKey });
}
