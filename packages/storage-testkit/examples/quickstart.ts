import assert from 'node:assert/strict';
import { StoreError, keys } from '@coffer/storage-ports';
import { assertNoLeak, failEachCall, faultyMetadataStore, seededRandom } from '@coffer/storage-testkit';
import { createMemoryMetadataStore } from '@coffer/store-memory';

// A real metadata store, in memory.
const key = keys.counters('uploads');
const put = (last: number) => ({ expectations: [], writes: [{ table: 'counters', key, put: { last } }] }) as const;
const store = createMemoryMetadataStore();
await store.commit(put(1));
assert.deepEqual((await store.get('counters', key))?.value, { last: 1 });

// Lets each store call of a scenario fail once, and looks at what is left.
const calls = await failEachCall(async (plan) => {
  const inner = createMemoryMetadataStore();
  const faulty = faultyMetadataStore(inner, plan);
  try {
    await faulty.commit(put(1));
    await faulty.commit(put(2));
  } catch (error) {
    assert.ok(error instanceof StoreError && error.code === 'io');
  }
  const last = (await inner.get('counters', key))?.value.last;
  assert.equal(last, plan.fired ? [undefined, 1][plan.calls.length - 1] : 2);
});
assert.equal(calls, 2);

// Finds a secret in raw bytes, hexadecimal, base64 and base64url; of a key also its MD5.
const token = seededRandom('token').bytes(32);
const forms = { secrets: { token } };
assertNoLeak(forms, { log: 'authorized account 0123456789ab' });
assert.throws(() => {
  assertNoLeak(forms, { log: `authorized with ${Buffer.from(token).toString('base64')}` });
}, /token: base64, alignment 0 at log/);
