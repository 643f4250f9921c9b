import {
  operations,
  readAuthorization,
  responseSchema,
  type AccountId,
  type ApiVersion,
  type Authorized,
  type ParsedResponseOf,
} from '@coffer/b2-schema';
import { encodeBase64, SecretBytes, type SecretString } from '@coffer/bytes';
import { ClientError } from '../errors/client-error.ts';
import { judgeCall, type RetryPolicy } from '../retries/retry-policy.ts';
import type { Timing } from '../retries/timing.ts';
import { withRetries } from '../retries/with-retries.ts';
import { orAborted } from '../sources/or-aborted.ts';
import type { Transport } from '../transport/transport.ts';

/** What an authorization tells (B2 docs `b2_authorize_account`), in the form of v4. */
export interface AccountInfo {
  readonly accountId: AccountId;
  readonly apiUrl: string;
  readonly downloadUrl: string;
  readonly s3ApiUrl: string;
  /** Bytes. */
  readonly recommendedPartSize: number;
  /** Bytes. */
  readonly absoluteMinimumPartSize: number;
  readonly allowed: Authorized['apiInfo']['storageApi']['allowed'];
}

/** What is true until the token is renewed. */
export interface Session {
  readonly info: AccountInfo;
  readonly token: SecretString;
}

/** Whose account it is, and where authorizations come from. */
export interface AccountOptions {
  readonly keyId: string;
  /** Taken over, and wiped by {@link Account.close}. */
  readonly key: SecretString;
  readonly url: string;
  readonly version: ApiVersion;
  readonly transport: Transport;
  readonly policy: RetryPolicy;
  readonly timing: Timing;
}

/** Keeps the authorization: asks for one when it is first needed, and for another when it is no longer valid. */
export class Account {
  readonly #options: AccountOptions;
  #session: Session | undefined;
  #pending: Promise<Session> | undefined;
  #isClosed = false;

  constructor(options: AccountOptions) {
    this.#options = options;
  }

  /** Where authorizations come from. */
  get url(): string {
    return this.#options.url;
  }

  /** The present session; the first call authorizes. */
  async session(signal?: AbortSignal): Promise<Session> {
    if (this.#isClosed) throw new ClientError('client_closed', 'The client was closed');
    return this.#session ?? this.renew(undefined, signal);
  }

  /**
   * Authorizes anew, unless somebody else has done so since `stale` was used. Calls that need it at the same time share
   * one request; each waits as long as its own signal lets it.
   */
  async renew(stale: Session | undefined, signal?: AbortSignal): Promise<Session> {
    if (this.#session !== undefined && this.#session !== stale) return this.#session;
    this.#pending ??= this.#begin();
    return orAborted(this.#pending, signal);
  }

  async #begin(): Promise<Session> {
    try {
      return (await this.authorize()).session;
    } finally {
      this.#pending = undefined;
    }
  }

  /** Authorizes anew in any case. */
  async authorize(
    signal?: AbortSignal,
  ): Promise<{ session: Session; response: ParsedResponseOf<'b2_authorize_account', ApiVersion> }> {
    if (this.#isClosed) throw new ClientError('client_closed', 'The client was closed');
    const { policy, timing } = this.#options;
    const response = await withRetries(() => this.#ask(signal), { policy, timing, signal, judge: judgeCall });
    const session = sessionOf(readAuthorization(response));
    this.#session = session;
    return { session, response };
  }

  /** Wipes the key and the token. */
  close(): void {
    this.#isClosed = true;
    this.#options.key.wipe();
    this.#session?.token.wipe();
    this.#session = undefined;
  }

  #ask(signal: AbortSignal | undefined): Promise<ParsedResponseOf<'b2_authorize_account', ApiVersion>> {
    const { keyId, key, url, version, transport } = this.#options;
    const row = operations.b2_authorize_account;
    const schema = responseSchema(row, version) as typeof row.response;
    return key.expose((text) => {
      const basic = basicOf(keyId, text);
      return transport.json(
        {
          operation: row.name,
          method: 'POST',
          url: `${url}/b2api/${version}/${row.name}`,
          headers: [['Authorization', `Basic ${basic}`]],
          body: '{}',
          secrets: [basic, text],
          holdsCustomerKey: false,
          signal,
        },
        schema,
      );
    });
  }
}

function basicOf(keyId: string, key: string): string {
  const bytes = SecretBytes.take(new TextEncoder().encode(`${keyId}:${key}`));
  const text = bytes.expose(encodeBase64);
  bytes.wipe();
  return text;
}

function sessionOf({ accountId, authorizationToken, apiInfo }: Authorized): Session {
  return { token: authorizationToken, info: { accountId, ...apiInfo.storageApi } };
}
