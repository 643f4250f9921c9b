import { SecretString } from '@coffer/bytes';
import { createClient, type AccountInfo, type Client } from '@coffer/client';
import { CustomerKeys } from './customer-keys.ts';
import { rightsOf, type Rights } from './rights.ts';
import { sameOriginFetch } from './same-origin-fetch.ts';

/** What a tab is signed in with. */
export interface Session {
  readonly keyId: string;
  /** The application key, for the workers that upload. Wiped at sign-out. */
  readonly key: SecretString;
  readonly client: Client;
  /** As the server told it at sign-in. */
  readonly account: AccountInfo;
  readonly rights: Rights;
  readonly customerKeys: CustomerKeys;
  /** Aborted at sign-out: what is under way ends with the session. */
  readonly ending: AbortController;
}

/** The part of the page's location that a session needs. */
interface Place {
  readonly origin: string;
  /** Whether the connection is HTTPS, or stays on this machine: only then customer keys are sent. */
  readonly isSecure: boolean;
}

/**
 * Signs in: asks the server for an authorization with this key.
 *
 * @throws ClientError `unauthorized` (or `bad_auth_token`) if the server does not know the key.
 */
export async function signIn(keyId: string, key: string, place: Place): Promise<Session> {
  const { origin, isSecure } = place;
  const secret = SecretString.of(key);
  const client = createClient({
    keyId,
    key: secret,
    url: origin,
    fetch: sameOriginFetch(origin),
    allowCustomerKeysOverHttp: isSecure,
  });
  try {
    const account = await client.account();
    const rights = rightsOf(account);
    const [customerKeys, ending] = [new CustomerKeys(), new AbortController()];
    const look = (): void => {
      customerKeys.forgetIdle();
    };
    document.addEventListener('visibilitychange', look, { signal: ending.signal });
    return { ...{ keyId, key: secret, client, account, rights }, ...{ customerKeys, ending } };
  } catch (error) {
    client.close();
    secret.wipe();
    throw error;
  }
}

/** Forgets everything of a session. */
export function signOut({ client, key, customerKeys, ending }: Session): void {
  ending.abort();
  customerKeys.forgetAll();
  client.close();
  key.wipe();
}
