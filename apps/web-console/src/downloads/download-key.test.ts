import { CustomerKey } from '@coffer/sse-schema';
import { describe, expect, it } from 'vitest';
import { CustomerKeys } from '../session/customer-keys.ts';
import { dropBroughtKey, encryptionUnder, keepProvenKey } from './download-key.ts';

const key = (fill: number) => CustomerKey.fromBytes(new Uint8Array(32).fill(fill));
const first = (keys: CustomerKeys, id: string) => keys.encryption(id)?.customerKey.key.expose(([byte]) => byte);

describe('a key that is brought for a download', () => {
  it('is not known to the tab before it has proved right, and is wiped when the download ends', () => {
    const keys = new CustomerKeys();
    const order = { id: 'a', brought: { key: key(1), mayReplace: false } };
    expect(encryptionUnder(order, keys).customerKey).toBe(order.brought.key);
    expect(keys.known()).toEqual([]);
    dropBroughtKey(order);
    expect(order.brought.key.key.wiped).toBe(true);
    keepProvenKey(order, keys);
    expect(keys.known()).toEqual([]);
    expect(() => encryptionUnder(order, keys)).toThrow('has forgotten the customer key “a”');
  });

  it('is known to the tab then, as a copy', () => {
    const keys = new CustomerKeys();
    const order = { id: 'a', brought: { key: key(1), mayReplace: false } };
    keepProvenKey(order, keys);
    dropBroughtKey(order);
    expect(first(keys, 'a')).toBe(1);
    expect(encryptionUnder(order, keys).keyId).toBe('a');
    keys.forgetAll();
  });

  it('replaces another with its id only if it may, and is not kept under what is no id', () => {
    const keys = new CustomerKeys();
    keys.add('a', key(1));
    keepProvenKey({ id: 'a', brought: { key: key(2), mayReplace: false } }, keys);
    expect(first(keys, 'a')).toBe(1);
    keepProvenKey({ id: 'a', brought: { key: key(3), mayReplace: true } }, keys);
    expect(first(keys, 'a')).toBe(3);
    for (const id of ['', 'x'.repeat(101)]) {
      keepProvenKey({ id, brought: { key: key(4), mayReplace: false } }, keys);
    }
    expect(keys.known()).toEqual([{ id: 'a' }]);
    keys.forgetAll();
  });
});
