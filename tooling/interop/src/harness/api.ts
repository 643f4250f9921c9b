import { clientEnvironment } from './client-environment.ts';
import { expectSuccess, runCommand } from './command.ts';
import type { Credentials, Endpoint } from './server-process.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The JSON of an answer; its members are for the caller to know. */
export type Json = Readonly<Record<string, string>>;

/** Calls the native API with curl as the master key, for what no other client offers. */
export class Api {
  readonly #endpoint: Endpoint;
  readonly #env: Readonly<Record<string, string>>;
  #token = '';
  #accountId = '';

  private constructor(home: string, endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#env = clientEnvironment({ home, caFile: endpoint.caFile });
  }

  /** @param home A directory for curl. */
  static async open(home: string, endpoint: Endpoint, { keyId, key }: Credentials): Promise<Api> {
    const api = new Api(home, endpoint);
    const basic = Buffer.from(`${keyId}:${key}`).toString('base64');
    const { authorizationToken = '', accountId = '' } = await api.#post('b2_authorize_account', `Basic ${basic}`, {});
    api.#token = authorizationToken;
    api.#accountId = accountId;
    return api;
  }

  /** The account token. */
  get token(): string {
    return this.#token;
  }

  /** Of the master key. */
  get accountId(): string {
    return this.#accountId;
  }

  /** Calls an operation. @throws Error unless its answer is a success. */
  async call(operation: string, fields: Fields): Promise<Json> {
    return this.#post(operation, this.#token, fields);
  }

  async #post(operation: string, authorization: string, fields: Fields): Promise<Json> {
    const url = `${this.#endpoint.url}/b2api/v4/${operation}`;
    // Read from standard input, so that no secret is among the arguments.
    const config = [
      'silent',
      'show-error',
      'fail-with-body',
      `url = ${JSON.stringify(url)}`,
      `header = ${JSON.stringify(`Authorization: ${authorization}`)}`,
      `data = ${JSON.stringify(JSON.stringify(fields))}`,
    ].join('\n');
    const result = await runCommand('curl', ['--config', '-'], { env: this.#env, stdin: config });
    return JSON.parse(expectSuccess(result).stdout.toString()) as Json;
  }
}
