import type { CustomerKey } from '@coffer/sse-schema';

/**
 * A copy of the customer key that was chosen for uploads, so that these are encrypted under it, whatever key has its id
 * later. It is wiped when the last of them has ended.
 */
export class ChosenKey {
  readonly id: string;
  readonly #key: CustomerKey;
  readonly #users = new Set<object>();

  /** `key` is the copy. */
  constructor(id: string, key: CustomerKey) {
    this.id = id;
    this.#key = key;
  }

  /** Whether it can still be used. */
  get isKept(): boolean {
    return !this.#key.key.wiped;
  }

  /** An upload needs it. */
  hold(user: object): void {
    this.#users.add(user);
  }

  /** An upload has ended. */
  letGo(user: object): void {
    if (this.#users.delete(user) && this.#users.size === 0) this.wipe();
  }

  /** A copy of its bytes, which whoever takes it wipes. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#key.key.expose((bytes) => Uint8Array.from(bytes));
  }

  wipe(): void {
    this.#key.wipe();
  }
}
