import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SecretBytes, SecretString } from '@coffer/bytes';
import { MemoryKeyProvider, typescriptKeys, type KeyEngine, type KeyProvider } from '@coffer/envelope-crypto';
import { keyProviderChecks } from './key-provider-contract.ts';
import { createKeyring } from './create-keyring.ts';
import type { Keyring } from './keyring.ts';
import { openKeyring } from './open-keyring.ts';

let directory: string;
let opened: Keyring[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coffer-contract-'));
  opened = [];
});
afterEach(async () => {
  for (const keyring of opened) keyring.close();
  await rm(directory, { recursive: true });
});

async function newKeyring(): Promise<Keyring> {
  let time = 1;
  const value = SecretString.of('00'.repeat(32));
  const path = join(directory, `keyring-${opened.length}.json`);
  const keyring = await createKeyring(path, { kind: 'value', value }, { now: () => time++ });
  opened.push(keyring);
  return keyring;
}

async function keyringWithEveryState(): Promise<Keyring> {
  const keyring = await newKeyring();
  const first = await keyring.activeKeyId();
  await keyring.addKey();
  await keyring.addKey();
  await keyring.destroyKey(first, () => Promise.resolve(false));
  return keyring;
}

async function memoryKeyProvider(): Promise<KeyProvider> {
  return new MemoryKeyProvider([{ id: 'gk_a', state: 'active', createdAt: 1, key: SecretBytes.random(32) }]);
}

it('has checks', () => {
  expect(keyProviderChecks.length).toBeGreaterThanOrEqual(8);
});

it.each(keyProviderChecks)('a new keyring $name', (check) => check.run(newKeyring));
it.each(keyProviderChecks)('a keyring with keys in every state $name', (check) => check.run(keyringWithEveryState));
it.each(keyProviderChecks)('a provider over keys in memory $name', (check) => check.run(memoryKeyProvider));

it('an engine that is given does the work, also after keys were added and the keyring was opened again', async () => {
  const calls: string[] = [];
  const engine = new Proxy(typescriptKeys, {
    get: (keys, name: keyof KeyEngine) => {
      calls.push(name);
      return keys[name];
    },
  });
  const path = join(directory, 'keyring.json');
  const root = { kind: 'value', value: SecretString.of('00'.repeat(32)) } as const;
  const made = await createKeyring(path, root, { engine });
  opened.push(made);
  const [secret, aad] = [SecretBytes.random(32), new Uint8Array(3)];
  const first = await made.activeKeyId();
  const wrapped = await made.wrap(first, secret, aad);
  const mac = await made.mac(first, 'coffer/record/v1', aad);
  const second = await made.addKey();
  const wrappedAgain = await made.wrap(second, secret, aad);
  expect(calls.splice(0)).toEqual(['wrap', 'expand', 'mac', 'wrap']);

  for (const reopened of [await openKeyring(path, root, { engine }), await openKeyring(path, root)]) {
    opened.push(reopened);
    expect((await reopened.unwrap(first, wrapped, aad)).equals(secret)).toBe(true);
    expect((await reopened.unwrap(second, wrappedAgain, aad)).equals(secret)).toBe(true);
    expect(await reopened.mac(first, 'coffer/record/v1', aad)).toEqual(mac);
  }
  expect(calls).toEqual(['unwrap', 'unwrap', 'expand', 'mac']);
});
