import { randomBytes } from 'node:crypto';
import { Backoff, pause } from './backoff.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { DatabaseFailure } from './failure.ts';

/** A commit that was sent and had no answer. */
interface SentCommit {
  readonly id: Buffer;
  /** {@link performance.now} before it was sent. */
  readonly sentAt: number;
}

export interface OutcomeOptions {
  readonly schema: string;
  /** Milliseconds for one statement. */
  readonly statementLimit: number;
}

/**
 * How long ids are kept, and until when an outcome is found out by them. The second is far shorter, so that an id which
 * is not there was never written rather than removed.
 */
const keptFor = 60 * 60_000;
const askedUntil = 30 * 60_000;

const mostKept = 10_000;
const rowsPerStep = 1_000;
const stepsAtOnce = 100;
const timeLength = 6;
const tooLongAgo = 'too_long_ago';

/**
 * Finds out what became of commits whose answer was lost. Their transaction may still be under way, so looking is not
 * enough: the id is written as abandoned. If the transaction has written it already, the database makes this wait for
 * the transaction's end; if not, the transaction will find its id taken and do nothing. Either way the answer is final.
 *
 * A row that is there already is written again, where leaving it alone would do: only a statement that writes waits for
 * the standbys. With it waits the commit that it tells of, which lies before it in the log.
 */
export class CommitOutcomes {
  readonly #pool: ConnectionPool;
  readonly #options: OutcomeOptions;
  readonly #kept = new Map<string, SentCommit>();

  constructor(pool: ConnectionPool, options: OutcomeOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  /** Commits whose outcome is still to be found out. */
  get unresolved(): number {
    return this.#kept.size;
  }

  /** An id that nobody else has: the time, which makes new ids neighbours in the index, and 80 random bits. */
  newId(): Buffer {
    const id = Buffer.alloc(16);
    id.writeUIntBE(Date.now(), 0, timeLength);
    randomBytes(id.length - timeLength).copy(id, timeLength);
    return id;
  }

  /**
   * Whether the commit took effect; afterwards it cannot any more.
   *
   * @param until {@link performance.now} at which to give up. The commit is then kept, and settled when the database is
   *   there again.
   * @throws DatabaseFailure if the database did not say.
   */
  async tookEffect(commit: SentCommit, until: number): Promise<boolean> {
    const backoff = new Backoff(20, 1_000);
    for (;;) {
      try {
        return await this.#fence(commit, until);
      } catch (error) {
        const wait = backoff.next();
        if (performance.now() + wait >= until || isFinal(error)) {
          this.#keep(commit);
          throw error;
        }
        await pause(wait);
      }
    }
  }

  /** Settles what is kept, as far as the database answers. */
  async settle(): Promise<void> {
    for (const [name, commit] of this.#kept) {
      const old = performance.now() - commit.sentAt > askedUntil;
      if (!old) await this.#fence(commit, performance.now() + this.#options.statementLimit);
      this.#kept.delete(name);
    }
  }

  /** Removes old ids, a bounded number of them. Several processes may do this at once. */
  async prune(): Promise<void> {
    const { schema, statementLimit } = this.#options;
    // The inner limit bounds what is looked at, whether or not it is old.
    const text = `
      WITH oldest AS (SELECT id, made_at FROM ${schema}.commit_ids ORDER BY id LIMIT ${rowsPerStep}),
      removed AS (
        DELETE FROM ${schema}.commit_ids AS c USING oldest
        WHERE c.id = oldest.id AND oldest.made_at < now() - interval '${keptFor / 1_000} seconds' RETURNING 1)
      SELECT count(*) FROM removed`;
    for (let step = 0; step < stepsAtOnce; step++) {
      const rows = await this.#pool.use(statementLimit, (connection) =>
        connection.query({ text }, statementLimit + 2_000),
      );
      if (Number(rows[0]?.[0]) < rowsPerStep) return;
    }
  }

  async #fence({ id, sentAt }: SentCommit, until: number): Promise<boolean> {
    if (performance.now() - sentAt > askedUntil)
      throw new DatabaseFailure('refused', tooLongAgo, 'it is too long ago to find out whether the commit took effect');
    const text = `
      INSERT INTO ${this.#options.schema}.commit_ids AS c (id, abandoned, made_at) VALUES ($1, true, now())
      ON CONFLICT (id) DO UPDATE SET asked = c.asked + 1 RETURNING abandoned`;
    const left = Math.max(1, until - performance.now());
    const rows = await this.#pool.use(left, (connection) =>
      connection.commit({ text, values: [id] }, Math.max(1, until - performance.now())),
    );
    return rows[0]?.[0] === false;
  }

  #keep(commit: SentCommit): void {
    this.#kept.set(commit.id.toString('hex'), commit);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > mostKept && oldest.done !== true) this.#kept.delete(oldest.value);
  }
}

/**
 * Whether asking again is of no use: the store was closed, or it is too long ago. What the server refuses may pass: it
 * gives up a statement that waits for the transaction's end, and it takes no writes for a while.
 */
function isFinal(error: unknown): boolean {
  return !(error instanceof DatabaseFailure) || error.code === tooLongAgo;
}
