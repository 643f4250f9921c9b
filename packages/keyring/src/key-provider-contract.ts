import assert from 'node:assert/strict';
import { SecretBytes } from '@coffer/bytes';
import { EnvelopeError, type EnvelopeErrorCode, type KeyProvider, type MacPurpose } from '@coffer/envelope-crypto';

/** One thing that every key provider must do. */
export interface KeyProviderCheck {
  readonly name: string;
  /**
   * Rejects with an AssertionError unless the providers that `make` makes do it. No other check uses these providers.
   */
  run(make: () => Promise<KeyProvider>): Promise<void>;
}

const aad = new TextEncoder().encode('context');
const otherAad = new TextEncoder().encode('another context');
const purposes: readonly MacPurpose[] = ['coffer/record/v1', 'coffer/token/v1', 'coffer/canary/v1'];

/** The contract of the KeyProvider port, for any test runner: run each check with a way to make fresh providers. */
export const keyProviderChecks: readonly KeyProviderCheck[] = [
  {
    name: 'has exactly one active key, which activeKeyId names',
    async run(make) {
      const provider = await make();
      const keys = await provider.listKeys();
      const active = keys.filter(({ state }) => state === 'active').map(({ id }) => id);
      assert.deepEqual(active, [await provider.activeKeyId()]);
      assert.equal(new Set(keys.map(({ id }) => id)).size, keys.length);
    },
  },
  {
    name: 'lists keys oldest first, with nothing but id, state and time',
    async run(make) {
      const keys = await (await make()).listKeys();
      for (const key of keys) {
        assert.deepEqual(Object.keys(key).sort(), ['createdAt', 'id', 'state']);
        assert.match(key.id, /^[\x21-\x7e]+$/);
      }
      const times = keys.map(({ createdAt }) => createdAt);
      assert.deepEqual(
        times,
        [...times].sort((a, b) => a - b),
      );
    },
  },
  {
    name: 'unwraps what it wrapped, of any length',
    async run(make) {
      const { provider, id } = await start(make);
      for (const length of [0, 1, 31, 32, 1000]) {
        const secret = SecretBytes.random(length);
        const wrapped = await provider.wrap(id, secret, aad);
        assert.equal(wrapped.length, length + 40);
        assert.ok((await provider.unwrap(id, wrapped, aad)).equals(secret));
      }
    },
  },
  {
    name: 'wraps with a fresh nonce every time',
    async run(make) {
      const { provider, id } = await start(make);
      const secret = SecretBytes.random(32);
      const wraps = await Promise.all(Array.from({ length: 50 }, () => provider.wrap(id, secret, aad)));
      const nonces = wraps.map((wrapped) => wrapped.subarray(0, 24).join());
      assert.equal(new Set(nonces).size, nonces.length);
    },
  },
  {
    name: 'refuses changed, shortened and misplaced bytes',
    async run(make) {
      const { provider, id } = await start(make);
      const wrapped = await provider.wrap(id, SecretBytes.random(32), aad);
      for (let i = 0; i < wrapped.length; i++) {
        const changed = wrapped.map((byte, at) => (at === i ? byte ^ 1 : byte));
        await assertCode('not_authentic', provider.unwrap(id, changed, aad));
      }
      await assertCode('not_authentic', provider.unwrap(id, wrapped, otherAad));
      await assertCode('not_authentic', provider.unwrap(id, wrapped.subarray(0, 71), aad));
      await assertCode('malformed', provider.unwrap(id, wrapped.subarray(0, 39), aad));
    },
  },
  {
    name: 'knows no key that it does not list, and wraps under no other key than the active one',
    async run(make) {
      const { provider, id } = await start(make);
      const secret = SecretBytes.random(32);
      const wrapped = await provider.wrap(id, secret, aad);
      for (const unknown of ['gk_unknown', '', `${id}x`]) {
        await assertCode('unknown_key', provider.wrap(unknown, secret, aad));
        await assertCode('unknown_key', provider.unwrap(unknown, wrapped, aad));
        await assertCode('unknown_key', provider.mac(unknown, 'coffer/record/v1', aad));
      }
      for (const { id: other, state } of await provider.listKeys()) {
        if (state === 'active') continue;
        await assertCode('unknown_key', provider.wrap(other, secret, aad));
        if (state === 'decrypt-only') assert.equal((await provider.mac(other, 'coffer/record/v1', aad)).length, 32);
        else await assertCode('unknown_key', provider.mac(other, 'coffer/record/v1', aad));
      }
    },
  },
  {
    name: 'makes checksums that depend on key, purpose and message only',
    async run(make) {
      const { provider, id } = await start(make);
      const macs: string[] = [];
      for (const purpose of purposes) {
        for (const message of [aad, otherAad, new Uint8Array(0)]) {
          const mac = await provider.mac(id, purpose, message);
          assert.equal(mac.length, 32);
          assert.deepEqual(await provider.mac(id, purpose, message), mac);
          macs.push(mac.join());
        }
      }
      assert.equal(new Set(macs).size, macs.length);
    },
  },
  {
    name: 'makes masks that depend on key and blob only',
    async run(make) {
      const { provider, id } = await start(make);
      const masks = await provider.checksumMasks(id);
      // Copied, because the provider may write the second mask into the memory of the first.
      const [one, two] = [Uint8Array.from(masks.maskOf('blob1')), Uint8Array.from(masks.maskOf('blob2'))];
      assert.equal(one.length, 64);
      assert.notDeepEqual(one, two);
      assert.deepEqual(Uint8Array.from((await provider.checksumMasks(id)).maskOf('blob1')), Uint8Array.from(one));
      await assertCode('unknown_key', provider.checksumMasks('gk_unknown'));
      for (const { id: other, state } of await provider.listKeys())
        if (state === 'destroyed') await assertCode('unknown_key', provider.checksumMasks(other));
        else if (other !== id)
          assert.notDeepEqual(Uint8Array.from((await provider.checksumMasks(other)).maskOf('blob1')), one);
    },
  },
  {
    name: 'leaves the caller’s secrets alone and gives each caller a secret of its own',
    async run(make) {
      const { provider, id } = await start(make);
      const secret = SecretBytes.random(32);
      const wrapped = await provider.wrap(id, secret, aad);
      const [first, second] = await Promise.all([provider.unwrap(id, wrapped, aad), provider.unwrap(id, wrapped, aad)]);
      first.wipe();
      assert.ok(second.equals(secret));
    },
  },
];

async function start(make: () => Promise<KeyProvider>): Promise<{ provider: KeyProvider; id: string }> {
  const provider = await make();
  return { provider, id: await provider.activeKeyId() };
}

async function assertCode(code: EnvelopeErrorCode, result: Promise<unknown>): Promise<void> {
  await assert.rejects(result, (error) => error instanceof EnvelopeError && error.code === code);
}
