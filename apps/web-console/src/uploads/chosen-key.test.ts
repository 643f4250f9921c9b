import { CustomerKey } from '@coffer/sse-schema';
import { expect, it } from 'vitest';
import { ChosenKey } from './chosen-key.ts';

it('is wiped when the last upload that needs it has ended', () => {
  const key = new ChosenKey('id', CustomerKey.fromBytes(new Uint8Array(32).fill(7)));
  const [one, other] = [{}, {}];
  key.hold(one);
  key.hold(other);
  key.letGo(one);
  key.letGo(one);
  expect(key.isKept).toBe(true);
  expect([...key.bytes()]).toEqual(Array.from({ length: 32 }, () => 7));
  key.letGo(other);
  expect(key.isKept).toBe(false);
  expect(() => key.bytes()).toThrow();
});
