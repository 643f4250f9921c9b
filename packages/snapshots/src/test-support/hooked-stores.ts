import { StoreError, type BlobStore, type MetadataStore } from '@coffer/storage-ports';
import type { Stores } from './scene.ts';

/** Stores that call `before` and `after` around each call that changes something, with its number from 1 on. */
export function hookedStores(
  { metadata, blobs }: Stores,
  hooks: { before?: (call: number) => Promise<void> | void; after?: (call: number) => void },
): Stores & { readonly calls: () => number } {
  let calls = 0;
  const hooked = async <T>(change: () => Promise<T>): Promise<T> => {
    const call = ++calls;
    await hooks.before?.(call);
    const result = await change();
    hooks.after?.(call);
    return result;
  };
  return {
    calls: () => calls,
    metadata: methodsOf(metadata, { commit: (commit) => hooked(() => metadata.commit(commit)) }),
    blobs: methodsOf(blobs, {
      write: (blobId, stream, options) => hooked(() => blobs.write(blobId, stream, options)),
      delete: (blobId) => hooked(() => blobs.delete(blobId)),
    }),
  };
}

/**
 * Stores of a process that is killed at one of the calls that change something: before it takes effect, or when it has
 * taken effect and nobody knows. From then on nothing succeeds, reading neither.
 */
export function dyingStores(
  stores: Stores,
  at: number,
  moment: 'before' | 'after',
): Stores & { readonly died: () => boolean } {
  let isDead = false;
  const die = (call: number, now: typeof moment) => {
    if (call >= at && now === moment) isDead = true;
    requireAlive();
  };
  const requireAlive = () => {
    if (isDead) throw new StoreError('io', 'The process was killed');
  };
  const { metadata, blobs } = hookedStores(stores, {
    before: (call) => {
      die(call, 'before');
    },
    after: (call) => {
      die(call, 'after');
    },
  });
  const alive = async <T>(call: () => Promise<T>): Promise<T> => {
    requireAlive();
    return call();
  };
  return {
    died: () => isDead,
    metadata: methodsOf(metadata, {
      get: (table, key) => alive(() => metadata.get(table, key)),
      scan: (table, options) => alive(() => metadata.scan(table, options)),
    }),
    blobs: methodsOf(blobs, { read: (blobId, range) => alive(() => blobs.read(blobId, range)) }),
  };
}

/** The store with some of its methods replaced. */
export function methodsOf<Store extends MetadataStore | BlobStore>(store: Store, replaced: Partial<Store>): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const own = (replaced as Record<PropertyKey, unknown>)[name];
      const value: unknown = own ?? Reflect.get(target, name);
      return typeof value === 'function' && own === undefined ? (value.bind(target) as unknown) : value;
    },
  });
}
