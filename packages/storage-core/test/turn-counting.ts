import type { MetadataStore } from '@coffer/storage-ports';

/** A metadata store that tells how many rows were read and written, all in all and in one turn of the event loop. */
export interface CountedStore extends MetadataStore {
  /** What `work` costs, which nothing else goes on beside. */
  during(work: () => Promise<unknown>): Promise<{ readonly rows: number; readonly mostInOneTurn: number }>;
}

export function countRows(store: MetadataStore): CountedStore {
  let rows = 0;
  let inTurn = 0;
  let most = 0;
  const count = (more: number) => {
    // An immediate comes after everything that goes on in this turn, and before those of work that ended its turn.
    if (inTurn === 0)
      setImmediate(() => {
        inTurn = 0;
      });
    rows += more;
    inTurn += more;
    most = Math.max(most, inTurn);
  };
  return {
    get: async (table, key) => {
      count(1);
      return store.get(table, key);
    },
    scan: async (table, options) => {
      const found = await store.scan(table, options);
      count(Math.max(1, found.length));
      return found;
    },
    commit: async (commit) => {
      count(Math.max(1, commit.expectations.length + commit.writes.length));
      await store.commit(commit);
    },
    close: () => store.close(),
    during: async (work) => {
      await new Promise((resolve) => setImmediate(resolve));
      [rows, most] = [0, 0];
      await work();
      return { rows, mostInOneTurn: most };
    },
  };
}
