import { describe, expect, it } from 'vitest';
import { allowList } from './allow-list.ts';

describe('allowList', () => {
  it('has ranges, addresses and hosts', () => {
    const isListed = allowList(['10.1.0.0/16', '192.168.0.7', 'fd00:1::/32', 'Hooks.Example.']);
    const listed = ['10.1.2.3', '::ffff:10.1.2.3', '192.168.0.7', 'fd00:1::5'];
    const other = ['10.2.0.0', '192.168.0.8', 'fd00:2::5', '127.0.0.1', 'not an address', ''];
    for (const address of listed) expect(isListed(address, 'x.example')).toBe(true);
    for (const address of other) expect(isListed(address, 'x.example')).toBe(false);
    for (const host of ['hooks.example', 'HOOKS.example.']) expect(isListed('127.0.0.1', host)).toBe(true);
    for (const host of ['a.hooks.example', 'hooks.example.org', 'ooks.example'])
      expect(isListed('127.0.0.1', host)).toBe(false);
  });

  it('is empty unless it has entries', () => {
    expect(allowList([])('127.0.0.1', 'localhost')).toBe(false);
  });

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    '127.1',
    '0x7f.1',
    '1',
    'a b',
    '*.example.com',
    'https://a.example',
    'a..b',
    '-a',
    '10.0.0.0/-1',
  ])('refuses %j', (entry) => {
    expect(() => allowList(['10.0.0.0/8', entry])).toThrow(RangeError);
  });
});
