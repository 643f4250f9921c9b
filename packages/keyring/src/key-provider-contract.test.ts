import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SecretBytes, SecretString } from '@coffer/bytes';
import { MemoryKeyProvider, type KeyProvider } from '@coffer/envelope-crypto';
import { keyProviderChecks } from './key-provider-contract.ts';
import { createKeyring } from './create-keyring.ts';
import type { Keyring } from './keyring.ts';

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
