import { ClientError } from '@coffer/client';
import { consoleOperations } from '@coffer/console-schema';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useSession } from './session-context.tsx';

/** What this console's server offers beside the B2 Native API. */
export interface ConsoleSettings {
  /** The version of the server; undefined where it has no operations for the console. */
  readonly version: string | undefined;
  /** Whether the operator allows downloads of encrypted files here. */
  readonly encryptedDownloads: boolean;
  /** Whether it makes snapshots. */
  readonly snapshots: boolean;
  /** The region that clients of S3 sign for; null where there is no S3, undefined where the server does not tell. */
  readonly s3Region: string | null | undefined;
}

/** Of a server that answers the B2 Native API only, as where the console is developed. */
const onlyB2: ConsoleSettings = {
  ...{ version: undefined, encryptedDownloads: false, snapshots: false, s3Region: undefined },
};

/** What the server offers; undefined while it is not known, and where it could not be asked. */
export function useConsoleSettings(): ConsoleSettings | undefined {
  return useConsoleSettingsQuery().data;
}

/** What the server offers, with the error if it could not be asked, and a way to ask again. */
export function useConsoleSettingsQuery(): UseQueryResult<ConsoleSettings> {
  const { client } = useSession();
  return useQuery({
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
}
