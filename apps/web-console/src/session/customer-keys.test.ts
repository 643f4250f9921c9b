import { CustomerKey } from '@coffer/sse-schema';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { customerKeyIdleMs, CustomerKeys } from './customer-keys.ts';

const key = (fill: number) => CustomerKey.fromBytes(new Uint8Array(32).fill(fill));

describe('the customer keys of a tab', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('are forgotten and wiped after 15 minutes without use', () => {
    const keys = new CustomerKeys();
    let changes = 0;
    keys.subscribe(() => {
      changes++;
    });
    keys.add('one', key(1));
    const held = keys.encryption('one')!.customerKey;
    vi.advanceTimersByTime(customerKeyIdleMs - 1);
    expect(keys.encryption('one')?.keyId).toBe('one');
    vi.advanceTimersByTime(customerKeyIdleMs - 1);
    expect(keys.known()).toEqual([{ id: 'one' }]);
    vi.advanceTimersByTime(1);
    expect(keys.known()).toEqual([]);
    expect(keys.encryption('one')).toBeUndefined();
    expect(() => {
      held.key.expose(() => undefined);
    }).toThrow();
    expect(changes).toBe(2);
  });

  it.each([
    ['when one is used', (keys: CustomerKeys) => [keys.encryption('one')]],
    ['when a file is read', (keys: CustomerKeys) => [keys.ring().candidates()[0]]],
    [
      'when somebody comes back',
      (keys: CustomerKeys) => {
        keys.forgetIdle();
        return [keys.known()[0]];
      },
    ],
  ])('are forgotten after a sleep in which no timer ran: %s', (_, use) => {
    const keys = new CustomerKeys();
    keys.add('one', key(1));
    const held = keys.encryption('one')!.customerKey;
    vi.setSystemTime(Date.now() + customerKeyIdleMs - 1);
    keys.forgetIdle();
    expect(keys.known()).toEqual([{ id: 'one' }]);
    vi.setSystemTime(Date.now() + 1);
    expect(use(keys)).toEqual([undefined]);
    expect(keys.known()).toEqual([]);
    expect(held.key.wiped).toBe(true);
    keys.add('two', key(2));
    expect(keys.known()).toEqual([{ id: 'two' }]);
  });

  it('are copies, replaced by id', () => {
    const keys = new CustomerKeys();
    const given = key(1);
    keys.add('a', given);
    given.wipe();
    keys.add('b', key(2));
    keys.add('a', key(3));
    expect(keys.known().map(({ id }) => id)).toEqual(['a', 'b']);
    expect(keys.encryption('a')!.customerKey.key.expose(([first]) => first)).toBe(3);
    keys.forget('a');
    expect(keys.known()).toEqual([{ id: 'b' }]);
    keys.forgetAll();
    expect(keys.known()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
