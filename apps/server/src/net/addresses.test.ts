import { describe, expect, it } from 'vitest';
import { addressOwner, addressRanges } from './addresses.ts';

describe('who counts as one', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('%s is %s', (address, owner) => {
    expect(addressOwner(address)).toBe(owner);
  });
});

describe('ranges', () => {
  const within = addressRanges(['10.1.0.0/16', '192.0.2.7', 'fd00::/8']);

  it.each(['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', 'fd12::1'])('have %s', (address) => {
    expect(within(address)).toBe(true);
  });

  it.each(['10.2.0.1', '192.0.2.8', '2001:db8::1', '', 'unknown'])('do not have %s', (address) => {
    expect(within(address)).toBe(false);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/x', 'localhost', '', '::/129'])(
    '%j is none',
    (entry) => {
      expect(() => addressRanges([entry])).toThrow(RangeError);
    },
  );
});
