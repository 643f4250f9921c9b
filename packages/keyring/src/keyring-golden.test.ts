import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SecretString } from '@coffer/bytes';
import { openKeyring } from './open-keyring.ts';
import type { RootKeySource } from './root-key.ts';

// Keyring files of format version 1 open for ever; these are never regenerated.
const rootHex = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const cases: [string, RootKeySource, string][] = [
  [
    'keyring-v1-key.json',
    { kind: 'value', value: SecretString.of(rootHex) },
    '95849f1fa89dd6d45d5389abca6e45781d1b67644bea1ce46509fc090500aa04',
  ],
  [
    'keyring-v1-passphrase.json',
    { kind: 'passphrase', passphrase: SecretString.of('correct horse battery staple') },
    '4b4a4277e52119cefa6d5476c7d9b650cde16a4baf61d2b2c26870e1dff7cd8a',
  ],
];

it.each(cases)('%s', async (name, source, expected) => {
  const keyring = await openKeyring(fileURLToPath(new URL(`../vectors/${name}`, import.meta.url)), source);
  const mac = await keyring.mac(await keyring.activeKeyId(), 'coffer/canary/v1', Buffer.from('message'));
  keyring.close();
  expect(Buffer.from(mac).toString('hex')).toBe(expected);
});
