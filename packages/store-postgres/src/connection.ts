import { Socket } from 'node:net';
import { Client, type CustomTypesConfig, type QueryResult } from 'pg';
import type { Address } from './address.ts';
import { connectFailure, DatabaseFailure, queryFailure } from './failure.ts';

/** One statement. */
export interface Statement {
  readonly text: string;
  readonly values?: readonly (string | number | Buffer | null)[];
  /** Under this name the server keeps the statement and its plan for the connection. */
  readonly name?: string;
}

export type Rows = readonly (readonly unknown[])[];

const keepAliveAfter = 10_000;

/** Results as text: `pg` reads binary ones as UTF-8. Byte strings are hexadecimal, and integers are safe ones. */
const types: CustomTypesConfig = {
  getTypeParser: (oid: number) => {
    const parse = (text: string): unknown => {
      if (oid === 17) return Buffer.from(text.slice(2), 'hex');
      if (oid === 16) return text === 't';
      return oid === 20 || oid === 21 || oid === 23 ? Number(text) : text;
    };
    // The types of `pg` say that a parser's result depends on the format; it is text always.
    return parse as never;
  },
};

/**
 * One connection to the database. A statement whose answer does not come in time ends the connection, since nobody
 * knows what it would answer to the next one.
 */
export class Connection {
  readonly #client: Client;
  readonly #socket: Socket;
  #ended: DatabaseFailure | undefined;
  #warned = false;
  #onEnd: (() => void) | undefined;

  private constructor(client: Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    client.on('error', (error: unknown) => {
      this.#end(queryFailure(error));
    });
    client.on('end', () => {
      this.#end(new DatabaseFailure('lost', 'none', 'the connection was closed'));
    });
    client.on('notice', ({ severity }) => {
      this.#warned ||= severity !== 'NOTICE' && severity !== 'INFO' && severity !== 'DEBUG' && severity !== 'LOG';
    });
  }

  /**
   * @param limit Milliseconds after which the attempt is given up.
   * @throws DatabaseFailure `unreachable`, or `refused` for a wrong password and the like.
   */
  static async open(address: Address, limit: number): Promise<Connection> {
    const socket = new Socket();
    const { host, port, user, database, tls, password } = address;
    const client = new Client({
      ...{ host, port, user, database, types },
      // A function, so that nothing that shows the client's options shows the password.
      password: () => password?.expose((text) => text) ?? '',
      ssl: tls === 'off' ? false : { ...(tls.rootCertificates !== undefined && { ca: tls.rootCertificates }) },
      application_name: 'coffer',
      stream: () => socket,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveAfter,
    });
    const connection = new Connection(client, socket);
    try {
      await connection.#within(limit, client.connect());
    } catch (error) {
      connection.destroy();
      throw connectFailure(address.label, error);
    }
    return connection;
  }

  get usable(): boolean {
    return this.#ended === undefined;
  }

  /** Called once when the connection ends, however it does. */
  onEnd(call: () => void): void {
    this.#onEnd = call;
  }

  /**
   * Performs a statement in one round trip.
   *
   * @param limit Milliseconds after which the connection is ended, and the answer given up.
   * @throws DatabaseFailure
   */
  async query(statement: Statement, limit: number): Promise<Rows> {
    const result = await this.#send(limit, () =>
      this.#client.query<unknown[]>({
        text: statement.text,
        ...(statement.name !== undefined && { name: statement.name }),
        ...(statement.values && { values: [...statement.values] }),
        rowMode: 'array',
      }),
    );
    return result.rows;
  }

  /**
   * Like {@link query}, for a commit. A server that was told to stop waiting for its standby answers as if all were
   * well and only warns, so a warning is taken for no answer.
   */
  async commit(statement: Statement, limit: number): Promise<Rows> {
    this.#warned = false;
    const rows = await this.query(statement, limit);
    if (this.#hasWarned())
      throw new DatabaseFailure('lost', 'warning', 'the server warned that the commit may be incomplete');
    return rows;
  }

  /** Performs several statements without parameters in one round trip; resolves with the rows of the last one. */
  async script(text: string, limit: number): Promise<Rows> {
    const results: unknown = await this.#send(limit, () => this.#client.query({ text, rowMode: 'array' }));
    const list = (Array.isArray(results) ? results : [results]) as readonly QueryResult<unknown[]>[];
    return list.at(-1)?.rows ?? [];
  }

  /** Says goodbye; does not wait for an answer for long. */
  async close(): Promise<void> {
    if (this.usable) await this.#within(1_000, this.#client.end()).catch(() => undefined);
    this.destroy();
  }

  destroy(): void {
    this.#end(new DatabaseFailure('lost', 'none', 'the connection was ended'));
  }

  #hasWarned(): boolean {
    return this.#warned;
  }

  async #send<T>(limit: number, send: () => Promise<T>): Promise<T> {
    if (this.#ended !== undefined) throw this.#ended;
    try {
      return await this.#within(limit, send());
    } catch (error) {
      const failure = queryFailure(error);
      if (failure.kind === 'lost') this.#end(failure);
      throw failure;
    }
  }

  async #within<T>(limit: number, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new DatabaseFailure('lost', 'timeout', `no answer within ${limit} ms`));
      }, limit);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
      work.catch(() => undefined);
    }
  }

  #end(failure: DatabaseFailure): void {
    if (this.#ended !== undefined) return;
    this.#ended = failure;
    this.#socket.destroy();
    this.#onEnd?.();
  }
}
