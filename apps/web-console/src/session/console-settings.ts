import { ClientError } from '@coffer/client';
import { consoleOperations } from '@coffer/console-schema';
import { useQuery } from '@tanstack/react-query';
import { useSession } from './session-context.tsx';

/** What this console's server offers beside the B2 Native API. */
export interface ConsoleSettings {
  /** The version of the server; undefined where it has no operations for the console. */
  readonly version: string | undefined;
  /** Whether the operator allows downloads of encrypted files here. */
  readonly encryptedDownloads: boolean;
  /** Whether it makes snapshots. */
  readonly snapshots: boolean;
}

/** Of a server that answers the B2 Native API only, as where the console is developed. */
const onlyB2: ConsoleSettings = { version: undefined, encryptedDownloads: false, snapshots: false };

/** What the server offers; undefined while it is not known. */
export function useConsoleSettings(): ConsoleSettings | undefined {
  const { client } = useSession();
  const { data } = useQuery({
    queryKey: ['console-settings'],
    staleTime: Infinity,
    queryFn: async ({ signal }): Promise<ConsoleSettings> => {
      try {
        return await client.call(consoleOperations.coffer_get_console, {}, { signal });
      } catch (error) {
        if (ClientError.is(error, 'not_found')) return onlyB2;
        throw error;
      }
    },
  });
  return data;
}
