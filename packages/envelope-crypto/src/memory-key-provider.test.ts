import { describe, expect, it } from 'vitest';
import { MemoryKeyProvider, type MemoryGlobalKey } from './memory-key-provider.ts';
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
    expect(() => new MemoryKeyProvider(keys)).toThrow();
  });
});
