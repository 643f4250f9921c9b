import { SecretBytes } from '@coffer/bytes';
import { expect, it } from 'vitest';
import { SigningKeyCache } from './signing-key-cache.ts';

const scope = { date: '20260102', region: 'us-west-004' };
const newKey = () => SecretBytes.random(32);

it('drops and wipes the keys used longest ago', () => {
  const cache = new SigningKeyCache(2);
  const [first, second, third] = [newKey(), newKey(), newKey()];
  cache.put('first', scope, '1', first);
  cache.put('second', scope, '1', second);
  expect(cache.get('first', scope, '1')).toBe(first);
  cache.put('third', scope, '1', third);
  expect(cache.get('second', scope, '1')).toBeUndefined();
  expect([first.wiped, second.wiped, third.wiped]).toEqual([false, true, false]);
  expect(cache.size).toBe(2);
});

it('drops and wipes a key of another version, and one that is replaced', () => {
  const cache = new SigningKeyCache(10);
  const [old, newer, newest] = [newKey(), newKey(), newKey()];
  cache.put('key', scope, '1', old);
  expect(cache.get('key', scope, '2')).toBeUndefined();
  expect(old.wiped).toBe(true);
  cache.put('key', scope, '2', newer);
  cache.put('key', scope, '2', newest);
  expect(newer.wiped).toBe(true);
  expect(cache.get('key', scope, '2')).toBe(newest);
});

it('drops and wipes all keys of an id, or all', () => {
  const cache = new SigningKeyCache(10);
  const [one, other, another] = [newKey(), newKey(), newKey()];
  cache.put('key', scope, '1', one);
  cache.put('key', { ...scope, region: 'auto' }, '1', other);
  cache.put('other', scope, '1', another);
  cache.invalidate('key');
  expect([one.wiped, other.wiped, another.wiped]).toEqual([true, true, false]);
  cache.clear();
  expect([another.wiped, cache.size]).toEqual([true, 0]);
});

it('keeps nothing where nothing may be kept', () => {
  const cache = new SigningKeyCache(0);
  const key = newKey();
  cache.put('key', scope, '1', key);
  expect([key.wiped, cache.size]).toEqual([true, 0]);
});
