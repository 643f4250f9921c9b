import { collect, streamOf } from '@coffer/bytes';
import { keys } from '@coffer/storage-ports';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { describe, expect, test } from 'vitest';
import {
  blobStoreContract,
  countingPlan,
  failEachCall,
  faultyBlobStore,
  faultyMetadataStore,
  metadataStoreContract,
  type Fault,
} from './index.ts';

// A plan in which nothing fails must not change how a store behaves.
metadataStoreContract('faulty, without faults', async () => {
  const inner = createMemoryMetadataStore();
  return { store: faultyMetadataStore(inner, countingPlan()), reopen: async () => inner.reopen() };
});
blobStoreContract(
  'faulty, without faults',
  async () => {
    const inner = createMemoryBlobStore();
    return { store: faultyBlobStore(inner, countingPlan()), reopen: async () => inner.reopen() };
  },
  {
    deviations: [
      { test: 'blobs of tens of MiB are written and read with bounded memory', reason: 'the inner store is in memory' },
    ],
  },
);

const key = keys.counters('a');
const commit = { expectations: [], writes: [{ table: 'counters', key, put: { last: 1 } }] } as const;
const lost: Fault = { kind: 'after', code: 'io' };

describe('faultyMetadataStore', () => {
  test('before: no effect, and the store goes on', async () => {
    const inner = createMemoryMetadataStore();
    const store = faultyMetadataStore(inner, countingPlan({ failing: 1, fault: { kind: 'before', code: 'full' } }));
    await expect(store.commit(commit)).rejects.toMatchObject({ code: 'full' });
    expect(await inner.get('counters', key)).toBeUndefined();
    await store.commit(commit);
  });

  test('a lost acknowledgement: the effect is there, and no further commit is taken', async () => {
    const inner = createMemoryMetadataStore();
    const store = faultyMetadataStore(inner, countingPlan({ failing: 1, fault: lost }));
    await expect(store.commit(commit)).rejects.toMatchObject({ code: 'io' });
    expect((await store.get('counters', key))?.value).toEqual({ last: 1 });
    await expect(store.commit(commit)).rejects.toMatchObject({ code: 'io' });
    await faultyMetadataStore(inner, countingPlan()).commit(commit);
  });

  test('delay: the call waits', async () => {
    let go = (): void => undefined;
    const until = new Promise<void>((resolve) => (go = resolve));
    const inner = createMemoryMetadataStore();
    const store = faultyMetadataStore(inner, countingPlan({ failing: 1, fault: { kind: 'delay', until } }));
    const done = store.commit(commit);
    expect(await store.get('counters', key)).toBeUndefined();
    go();
    await done;
    expect(await store.get('counters', key)).toBeDefined();
  });
});

describe('faultyBlobStore', () => {
  const stream = () => streamOf(new Uint8Array(60), new Uint8Array(60));

  test('a torn write leaves nothing', async () => {
    const store = faultyBlobStore(
      createMemoryBlobStore(),
      countingPlan({ failing: 1, fault: { kind: 'tear', bytes: 100 } }),
    );
    await expect(store.write('a', stream())).rejects.toMatchObject({ code: 'io' });
    expect(await store.list({ limit: 1 })).toEqual([]);
  });

  test('a torn read gives the bytes before the tear', async () => {
    const fault: Fault = { kind: 'tear', bytes: 100 };
    const store = faultyBlobStore(createMemoryBlobStore(), countingPlan({ failing: 1, fault, only: ['read'] }));
    await store.write('a', stream());
    let seen = 0;
    const reading = async () => {
      for await (const piece of await store.read('a')) seen += piece.length;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'io' });
    expect(seen).toBe(100);
    expect((await collect(await store.read('a'), 1_000)).length).toBe(120);
  });

  test('a lost acknowledgement of a write leaves the blob', async () => {
    const store = faultyBlobStore(createMemoryBlobStore(), countingPlan({ failing: 1, fault: lost }));
    await expect(store.write('a', stream())).rejects.toMatchObject({ code: 'io' });
    expect(await store.size('a')).toBe(120);
  });
});

test('failEachCall lets each call of a scenario fail once, across both stores', async () => {
  const failed: string[] = [];
  const calls = await failEachCall(async (plan) => {
    const metadata = faultyMetadataStore(createMemoryMetadataStore(), plan);
    const blobs = faultyBlobStore(createMemoryBlobStore(), plan);
    try {
      await blobs.write('a', streamOf(new Uint8Array(1)));
      await metadata.get('counters', key);
      await metadata.commit(commit);
    } catch {
      failed.push(plan.calls.at(-1) ?? '');
    }
  });
  expect(calls).toBe(3);
  expect(failed).toEqual(['write', 'get', 'commit']);
});
