import { describe, expect, it } from 'vitest';
import { MemoryKeyProvider, type MemoryGlobalKey } from './memory-key-provider.ts';
import { purposeMac } from './purpose-mac.ts';
import { secretOf, testProvider } from './test-support.ts';

const active: MemoryGlobalKey = { id: 'a', state: 'active', createdAt: 1, key: secretOf(1) };

describe('MemoryKeyProvider', () => {
  it('lists keys oldest first, without their bytes', async () => {
    expect(await testProvider().listKeys()).toEqual([
      { id: 'gk_gone', state: 'destroyed', createdAt: 1 },
      { id: 'gk_old', state: 'decrypt-only', createdAt: 2 },
      { id: 'gk_new', state: 'active', createdAt: 3 },
    ]);
    expect(await testProvider().activeKeyId()).toBe('gk_new');
  });

  it.each<[string, readonly MemoryGlobalKey[]]>([
    ['no key', []],
    ['two active keys', [active, { ...active, id: 'b' }]],
    ['two keys of one id', [active, { ...active, state: 'decrypt-only' }]],
    ['a destroyed key with bytes', [active, { ...active, id: 'b', state: 'destroyed' }]],
    ['an active key without bytes', [{ ...active, key: null }]],
  ])('refuses %s', (_, keys) => {
    expect(() => new MemoryKeyProvider(keys)).toThrow(expect.objectContaining({ code: 'invalid_keys' }));
  });

  it('gives the same checksums over and over, also after it forgot what it derived', async () => {
    const key = secretOf(1);
    const provider = new MemoryKeyProvider([{ ...active, key }]);
    const message = Uint8Array.of(1, 2, 3);
    const record = purposeMac(key, 'coffer/record/v1', message);
    const token = purposeMac(key, 'coffer/token/v1', message);
    for (let round = 0; round < 2; round++) {
      expect(await provider.mac('a', 'coffer/record/v1', message)).toEqual(record);
      expect(await provider.mac('a', 'coffer/token/v1', message)).toEqual(token);
      expect(await provider.mac('a', 'coffer/record/v1', message)).toEqual(record);
      provider.forget();
    }
  });

  it('gives no checksum under a key that was wiped', async () => {
    const key = secretOf(1);
    const provider = new MemoryKeyProvider([{ ...active, key }]);
    await provider.mac('a', 'coffer/record/v1', new Uint8Array(1));
    key.wipe();
    await expect(provider.mac('a', 'coffer/record/v1', new Uint8Array(1))).rejects.toMatchObject({
      code: 'secret_wiped',
    });
  });
});
