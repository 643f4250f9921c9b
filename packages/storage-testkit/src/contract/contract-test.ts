import type { BlobStore, MetadataStore } from '@coffer/storage-ports';
import { test } from 'vitest';

/** A promise of the port that an adapter does not keep, and why. The test is skipped and its title says so. */
export interface Deviation {
  /** The exact title of the test. */
  readonly test: string;
  readonly reason: string;
}

/** A fault that only the adapter's own tests have the means to cause. */
export interface ProvokedFault<Fixture> {
  readonly name: string;
  /** Why the adapter answers with `code`. */
  readonly reason: string;
  readonly code: 'io' | 'full';
  /** Makes every later write of the fixture's store fail. Returns what undoes that. */
  readonly provoke: (fixture: Fixture) => Promise<() => Promise<void>>;
}

/** Where an adapter deviates, and which faults can be caused in it. */
export interface ContractOptions<Fixture> {
  readonly deviations?: readonly Deviation[];
  readonly faults?: readonly ProvokedFault<Fixture>[];
}

/** What a contract's tests get: a store of their own, and ways to open it again and to remove it. */
export interface StoreFixture<Store> {
  /** An empty store. The contract closes it. */
  readonly store: Store;
  /**
   * Opens the same store again, whether or not another handle on it was closed. Absent for a store that cannot be
   * opened again.
   */
  readonly reopen?: () => Promise<Store>;
  /** Called when the test is over and all handles are closed. */
  readonly dispose?: () => Promise<void>;
}

/** A blob store under test. */
export type BlobFixture = StoreFixture<BlobStore>;

/** A metadata store under test. */
export type MetadataFixture = StoreFixture<MetadataStore>;

interface Closable {
  close(): Promise<void>;
}

/** Defines tests that each run on a fixture of their own. */
export class ContractTests<Store extends Closable, Fixture extends StoreFixture<Store>> {
  readonly #factory: () => Promise<Fixture>;
  readonly #deviations: ReadonlyMap<string, string>;
  readonly #titles = new Set<string>();

  constructor(factory: () => Promise<Fixture>, options: ContractOptions<Fixture>) {
    this.#factory = factory;
    this.#deviations = new Map(options.deviations?.map(({ test: title, reason }) => [title, reason]));
  }

  /**
   * `impossible`: why the test cannot be run on this machine, whatever the adapter does; the test is then skipped, and
   * its title says why.
   */
  test(title: string, body: (store: Store, fixture: Fixture) => Promise<void>, impossible?: string): void {
    this.#titles.add(title);
    const reason = this.#deviations.get(title);
    if (reason !== undefined) test.skip(`${title} (deviates: ${reason})`, () => undefined);
    else if (impossible !== undefined) test.skip(`${title} (not here: ${impossible})`, () => undefined);
    else test(title, { timeout: 180_000 }, () => this.#run(body));
  }

  /** A test that opens the store a second time; skipped, and its title says so, where that is not possible. */
  reopeningTest(title: string, body: (store: Store, reopen: () => Promise<Store>) => Promise<void>): void {
    this.test(title, async (store, fixture) => {
      const { reopen } = fixture;
      if (reopen === undefined) throw new Error('The fixture has no reopen: add it, or a deviation with the reason');
      const opened: Store[] = [];
      try {
        await body(store, async () => {
          const again = await reopen();
          opened.push(again);
          return again;
        });
      } finally {
        for (const again of opened) await again.close();
      }
    });
  }

  /** Fails if a deviation names no test, so that none outlives the test it was made for. */
  checkDeviations(): void {
    test('every deviation names a test', () => {
      const unknown = [...this.#deviations.keys()].filter((title) => !this.#titles.has(title));
      if (unknown.length > 0) throw new Error(`No such tests: ${unknown.join('; ')}`);
    });
  }

  async #run(body: (store: Store, fixture: Fixture) => Promise<void>): Promise<void> {
    const fixture = await this.#factory();
    try {
      await body(fixture.store, fixture);
    } finally {
      await fixture.store.close();
      await fixture.dispose?.();
    }
  }
}
