import { B2Error, type ExtensionHandler } from '@coffer/b2-protocol';
import type { ConsoleOperations, ConsoleResponseOf } from '@coffer/console-schema';

/** What is told of the server, and to whom. */
export interface ServerFacts {
  /** The first account of the server, which is the operator's. */
  readonly operatorAccountId: string;
  readonly describe: () => Promise<ConsoleResponseOf<'coffer_get_server'>>;
}

/** How the server is. What the operator may know of all accounts is withheld from the others. */
export function getServer({
  operatorAccountId,
  describe,
}: ServerFacts): ExtensionHandler<ConsoleOperations['coffer_get_server']> {
  return (_, { grant }) => {
    if (grant.accountId === operatorAccountId) return describe();
    const message = 'Only the master application key of the first account of this server may see this';
    return Promise.reject(new B2Error('access_denied', message, { status: 403 }));
  };
}
