import { StoreError } from '@coffer/storage-ports';
import { Backoff, pause } from './backoff.ts';
import type { Connection } from './connection.ts';
import { DatabaseFailure } from './failure.ts';

export interface PoolOptions {
  /** Connections at most. */
  readonly size: number;
  /** How many may wait for a connection. */
  readonly waiting: number;
}

interface Waiter {
  readonly take: (connection: Connection) => void;
  readonly fail: (error: unknown) => void;
}

const firstPause = 50;
const longestPause = 2_000;

/**
 * A bounded number of connections. Whoever asks while all are taken waits in turn; while the database cannot be
 * reached, one attempt after the other is made, with growing pauses, as long as somebody waits.
 */
export class ConnectionPool {
  readonly #open: () => Promise<Connection>;
  readonly #options: PoolOptions;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  readonly #waiters: Waiter[] = [];
  readonly #backoff = new Backoff(firstPause, longestPause);
  #opening = 0;
  #failing = false;
  #lastFailure: unknown;
  #closed = false;

  constructor(open: () => Promise<Connection>, options: PoolOptions) {
    this.#open = open;
    this.#options = options;
  }

  /**
   * Does some work with a connection of its own.
   *
   * @param limit Milliseconds to wait for a connection at most.
   * @throws DatabaseFailure `unreachable` if there was none in time; what `work` rejects with.
   */
  async use<T>(limit: number, work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.#take(limit);
    try {
      return await work(connection);
    } finally {
      this.#release(connection);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { fail } of this.#waiters.splice(0)) fail(new StoreError('closed', 'The metadata store was closed'));
    await Promise.all([...this.#all].map((connection) => connection.close()));
  }

  async #take(limit: number): Promise<Connection> {
    if (this.#closed) throw new StoreError('closed', 'The metadata store was closed');
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) if (idle.usable) return idle;
    // Those for whom there is room are not counted: they wait for no other.
    const room = this.#options.size - this.#all.size;
    if (this.#waiters.length >= this.#options.waiting + room)
      throw new DatabaseFailure('unreachable', 'busy', 'Too many wait for a connection to the database');
    return this.#wait(limit);
  }

  #wait(limit: number): Promise<Connection> {
    const { promise, resolve, reject } = withResolvers<Connection>();
    const waiter = { take: resolve, fail: reject };
    const timer = setTimeout(() => {
      const at = this.#waiters.indexOf(waiter);
      if (at < 0) return;
      this.#waiters.splice(at, 1);
      reject(this.#lateFailure(limit));
    }, limit);
    this.#waiters.push(waiter);
    this.#openMore();
    return promise.finally(() => {
      clearTimeout(timer);
    });
  }

  #lateFailure(limit: number): unknown {
    return this.#failing
      ? this.#lastFailure
      : new DatabaseFailure('unreachable', 'busy', `No connection to the database was free within ${limit} ms`);
  }

  #release(connection: Connection): void {
    if (!connection.usable) {
      this.#openMore();
      return;
    }
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#idle.push(connection);
    else waiter.take(connection);
  }

  /** Opens as many connections as there are waiters; while that fails, only one at a time. */
  #openMore(): void {
    const room = this.#options.size - this.#all.size - this.#opening;
    const wanted = Math.min(room, this.#waiters.length - this.#opening, this.#failing ? 1 - this.#opening : room);
    for (let i = 0; i < wanted; i++) void this.#openOne();
  }

  async #openOne(): Promise<void> {
    this.#opening++;
    try {
      if (this.#failing) await pause(this.#backoff.next());
      // Those who waited may have given up meanwhile.
      if (this.#waiters.length === 0 || this.#closed) return;
      this.#add(await this.#open());
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#opening--;
    }
    this.#openMore();
  }

  #add(connection: Connection): void {
    this.#failing = false;
    this.#backoff.reset();
    if (this.#closed) {
      connection.destroy();
      return;
    }
    this.#all.add(connection);
    connection.onEnd(() => {
      this.#all.delete(connection);
      const at = this.#idle.indexOf(connection);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    this.#release(connection);
  }

  /** What waiting does not mend fails those who wait at once. */
  #failed(error: unknown): void {
    this.#failing = true;
    this.#lastFailure = error;
    const passes = error instanceof DatabaseFailure && error.kind !== 'refused';
    if (!passes) for (const { fail } of this.#waiters.splice(0)) fail(error);
  }
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((take, fail) => {
    resolve = take;
    reject = fail;
  });
  return { promise, resolve, reject };
}
