import { CustomerKeyRing, sseC, type CustomerKeyEncryption } from '@coffer/client';
import { CustomerKey } from '@coffer/sse-schema';

/** Milliseconds without use after which customer keys are forgotten. */
export const customerKeyIdleMs = 15 * 60 * 1_000;

/** A customer key that this tab knows. */
export interface KnownCustomerKey {
  /** Written into the info of files that are encrypted under it (`sse_c_key_id`), by which it is found again. */
  readonly id: string;
}

/**
 * The customer keys of this tab. They are in memory only, and are wiped at sign-out and when none of them was used for
 * {@link customerKeyIdleMs}.
 */
export class CustomerKeys {
  readonly #keys = new Map<string, CustomerKey>();
  readonly #listeners = new Set<() => void>();
  #known: readonly KnownCustomerKey[] = [];
  #idle: ReturnType<typeof setTimeout> | undefined;
  /** When they are forgotten, in milliseconds since the epoch. Timers stand still while a computer sleeps. */
  #deadline = 0;

  /** The ids, in the order in which the keys were added. The same array until something changes. */
  readonly known = (): readonly KnownCustomerKey[] => this.#known;

  /** Calls back whenever a key comes or goes. Returns what ends that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Adds a key, which is copied; one with the same id is replaced and wiped. */
  add(id: string, key: CustomerKey): void {
    this.forgetIdle();
    this.#keys.get(id)?.wipe();
    this.#keys.set(
      id,
      key.key.expose((bytes) => CustomerKey.fromBytes(bytes)),
    );
    this.#changed();
  }

  /** The encryption of a file under this key; undefined if it is not known (any more). Counts as a use. */
  encryption(id: string): CustomerKeyEncryption | undefined {
    this.forgetIdle();
    const key = this.#keys.get(id);
    if (key === undefined) return undefined;
    this.#used();
    return sseC(key, { id });
  }

  /** All keys, for reading a file whose key has to be found. Counts as a use. */
  ring(): CustomerKeyRing {
    this.forgetIdle();
    this.#used();
    return new CustomerKeyRing([...this.#keys].map(([id, key]) => sseC(key, { id })));
  }

  forget(id: string): void {
    this.forgetIdle();
    this.#keys.get(id)?.wipe();
    this.#keys.delete(id);
    this.#changed();
  }

  forgetAll(): void {
    for (const key of this.#keys.values()) key.wipe();
    this.#keys.clear();
    this.#changed();
  }

  /** Forgets all if none of them was used for so long. To be called also when somebody comes back to the page. */
  forgetIdle(): void {
    if (this.#keys.size > 0 && Date.now() >= this.#deadline) this.forgetAll();
  }

  #changed(): void {
    this.#known = [...this.#keys.keys()].map((id) => ({ id }));
    this.#used();
    for (const listener of this.#listeners) listener();
  }

  #used(): void {
    clearTimeout(this.#idle);
    this.#deadline = Date.now() + customerKeyIdleMs;
    this.#idle =
      this.#keys.size === 0
        ? undefined
        : setTimeout(() => {
            this.forgetAll();
          }, customerKeyIdleMs);
  }
}
