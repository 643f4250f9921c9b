import {
  StoreError,
  keys,
  type Expectation,
  type MetadataStore,
  type Row,
  type ScanOptions,
  type TableName,
  type Tables,
  type Write,
} from '@coffer/storage-ports';
import { failures } from './failures.ts';
import { StorageError } from '../services/storage-error.ts';

/**
 * A try fails only because a commit of somebody else succeeded. Where flushing is slow, one process may commit again
 * and again before another process gets its turn, so this is more than the number of commits that a process may have
 * waiting for one name.
 */
const maximumTries = 200;

/** Reads and writes that take effect together, provided that what was read is unchanged by then. */
export class Transaction {
  readonly #metadata: MetadataStore;
  readonly #expectations: Expectation[] = [];
  readonly #writes: Write[] = [];
  #member: string | undefined;

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
  }

  /** Reads a record. The commit succeeds only if the record is then still unchanged, or still absent. */
  async get<Name extends TableName>(table: Name, key: Uint8Array): Promise<Tables[Name] | undefined> {
    const stored = await this.#metadata.get(table, key);
    this.#expectations.push(
      stored === undefined ? { table, key, is: 'absent' } : { table, key, version: stored.version },
    );
    return stored?.value;
  }

  /** Reads a record. The commit does not depend on it. */
  async peek<Name extends TableName>(table: Name, key: Uint8Array): Promise<Tables[Name] | undefined> {
    return (await this.#metadata.get(table, key))?.value;
  }

  /** Reads rows. The commit does not depend on them. */
  async scan<Name extends TableName>(table: Name, options: ScanOptions): Promise<readonly Row<Tables[Name]>[]> {
    return this.#metadata.scan(table, options);
  }

  expectPresent(table: TableName, key: Uint8Array): void {
    this.#expectations.push({ table, key, is: 'present' });
  }

  expectAbsent(table: TableName, key: Uint8Array): void {
    this.#expectations.push({ table, key, is: 'absent' });
  }

  /** The commit succeeds only while the process of that id is a member: see `NodeService`. */
  requireMember(memberId: string): void {
    this.#member = memberId;
    this.expectPresent('members', keys.members(memberId));
  }

  /** After a conflict: @throws StorageError `storage_unavailable` where no other try can succeed. */
  async requireHope(): Promise<void> {
    if (this.#member !== undefined && (await this.peek('members', keys.members(this.#member))) === undefined)
      throw failures.storageUnavailable(new Error(`${this.#member} is no member of the store any more`));
  }

  expectEmptyPrefix(table: TableName, emptyPrefix: Uint8Array): void {
    this.#expectations.push({ table, emptyPrefix });
  }

  put<Name extends TableName>(table: Name, key: Uint8Array, record: Tables[Name]): void {
    // The union is indexed by table; the compiler does not connect it with the type parameter.
    this.#writes.push({ table, key, put: record } as Write);
  }

  /** Adds a row whose key the store makes: see {@link Write}. */
  append<Name extends TableName>(table: Name, prefix: Uint8Array, record: Tables[Name]): void {
    this.#writes.push({ table, prefix, append: record } as Write);
  }

  delete(table: TableName, key: Uint8Array): void {
    this.#writes.push({ table, key, delete: true } as Write);
  }

  async commit(): Promise<void> {
    if (this.#writes.length > 0)
      await this.#metadata.commit({ expectations: this.#expectations, writes: this.#writes });
  }
}

/**
 * Runs `body` and commits what it wrote. If something that it read was changed meanwhile, it is run again on the new
 * state, so it must not have effects of its own.
 *
 * @throws StorageError `storage_unavailable` when others were faster too often; whatever `body` throws.
 */
export async function transact<T>(metadata: MetadataStore, body: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const tx = new Transaction(metadata);
    const result = await body(tx);
    try {
      await tx.commit();
      return result;
    } catch (error) {
      if (!isConflict(error)) throw error;
      await tx.requireHope();
      if (attempt === maximumTries) throw failures.storageUnavailable(error);
      await pause(attempt);
    }
  }
}

/** Whether the failure of a commit leaves no doubt that nothing was written. */
export function wroteNothing(error: unknown): boolean {
  if (!StorageError.is(error)) return false;
  const { cause } = error;
  return !(cause instanceof StoreError) || isConflict(cause) || cause.code === 'full';
}

function isConflict(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'conflict';
}

/** Waits for a random time, so that competitors do not collide again. */
async function pause(attempt: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(attempt, 10)));
}
