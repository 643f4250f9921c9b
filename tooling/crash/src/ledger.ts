import { Refusal } from './answer.ts';
import type { Content } from './content.ts';
import type { Encryption } from './encryption.ts';
import { kindOf, type Operation } from './operation.ts';

/** A version that the server has acknowledged, or turned out to have. */
export interface KnownVersion {
  readonly name: string;
  action: 'upload' | 'hide' | 'start';
  readonly encryption: Encryption;
  /** What an upload holds. */
  content: Content;
  /** Parts of a large file by number. */
  readonly parts: Map<number, Content>;
  /** The entity tag that S3 has told, with its quotes; undefined if it has not. */
  etag?: string;
  /** Whether its bytes were read back after a restart. */
  checked: boolean;
}

export interface KnownKey {
  readonly name: string;
  /** The application key itself; undefined when no answer told it. Lives in this process only. */
  readonly secret: string | undefined;
}

export interface KnownBucket {
  readonly name: string;
  /** The last acknowledged value of its bucket info. */
  note: string;
}

/**
 * Records what the server has acknowledged, and which requests it had not answered when it was killed. An operation is
 * entered before it is sent and removed when it is answered; a refused one must have done nothing.
 */
export class Ledger {
  readonly versions = new Map<string, KnownVersion>();
  readonly keys = new Map<string, KnownKey>();
  readonly buckets = new Map<string, KnownBucket>();
  /** Ids of everything whose removal was acknowledged. */
  readonly gone = new Set<string>();
  readonly open = new Set<Operation>();
  /** Keys and buckets that a connection is changing. */
  readonly claimed = new Set<string>();
  /** How often each kind of operation was acknowledged. */
  readonly acknowledged = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly problems: string[] = [];
  round = 0;
  readonly #history = new Map<string, string[]>();

  /**
   * Runs an operation; `settle` enters what its answer says and gives the id that it is about.
   *
   * @throws Refusal, or another error if there was no answer: then it stays open.
   */
  async during<T>(operation: Operation, send: () => Promise<T>, settle: (answer: T) => string): Promise<void> {
    await this.duringAll([operation], send, settle);
  }

  /**
   * The same for several operations in one request. Each is settled by itself, and `settle` throws a Refusal for one
   * that was refused.
   */
  async duringAll<T>(
    operations: readonly Operation[],
    send: () => Promise<T>,
    settle: (answer: T, index: number) => string,
  ): Promise<void> {
    for (const operation of operations) this.open.add(operation);
    try {
      const answer = await send();
      for (const [index, operation] of operations.entries()) this.#settle(operation, () => settle(answer, index));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const operation of operations) this.refuse(operation, error);
    }
  }

  /** Notes that an operation was answered with success, and what it is about. */
  acknowledge(operation: Operation, id: string): void {
    this.note(id, `${kindOf(operation)} acknowledged`);
    count(this.acknowledged, kindOf(operation));
    this.open.delete(operation);
  }

  /** Adds to what is told about an id in a violation. */
  note(id: string, event: string): void {
    const events = this.#history.get(id) ?? [];
    events.push(`round ${this.round}: ${event}`);
    this.#history.set(id, events);
  }

  forgetVersion(fileId: string): void {
    this.versions.delete(fileId);
    this.gone.add(fileId);
  }

  /** Notes a violation with what is known about its id. */
  violated(what: string, id: string): void {
    const events = this.#history.get(id) ?? ['no answer ever named it'];
    this.problems.push([`round ${this.round}: ${what} (${id})`, ...events.map((event) => `    ${event}`)].join('\n'));
  }

  /**
   * Handles a refused operation. Refusals are normal, since connections race with each other; an answer that reports a
   * failure of the server is a violation.
   */
  refuse(operation: Operation, refusal: Refusal): void {
    this.open.delete(operation);
    count(this.refused, `${kindOf(operation)}: ${refusal.status} ${refusal.code}`);
    if (refusal.status >= 500)
      this.violated(`${kindOf(operation)} was answered ${refusal.message}`, JSON.stringify(operation));
  }

  #settle(operation: Operation, settle: () => string): void {
    try {
      this.acknowledge(operation, settle());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refuse(operation, error);
    }
  }
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
