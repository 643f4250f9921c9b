import { capabilityNames } from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import { allCapabilities, capabilitiesOf } from './capability-groups.ts';

it('has every capability in one group', () => {
  expect(allCapabilities.toSorted()).toEqual(capabilityNames.toSorted());
});

describe('a preset', () => {
  it('for reading changes nothing and tells no secret', () => {
    const names = capabilitiesOf('readOnly', false);
    expect(names.filter((name) => !/^(list|read)/.test(name))).toEqual([]);
    expect(names).not.toContain('readBucketNotifications');
    expect(names).not.toContain('listKeys');
  });

  it('for reading and writing changes files only', () => {
    expect(capabilitiesOf('readAndWrite', false).filter((name) => !/^(list|read)/.test(name))).toEqual([
      'shareFiles',
      'writeFiles',
      'deleteFiles',
    ]);
  });

  it('leaves out what a key of some buckets cannot have', () => {
    expect(capabilitiesOf('everything', false)).toEqual(allCapabilities);
    const left = allCapabilities.filter((name) => !capabilitiesOf('everything', true).includes(name));
    expect(left.toSorted()).toEqual(['deleteBuckets', 'deleteKeys', 'listKeys', 'writeBuckets', 'writeKeys']);
  });
});
