import { operations } from '@coffer/b2-schema';
import { describe, expect, it } from 'vitest';
import { capabilitiesOfForm, durationOf, problemsOfForm, type KeyForm } from './key-request.ts';

const form: KeyForm = {
  keyName: 'backup',
  preset: 'custom',
  chosen: ['readFiles'],
  isForBuckets: false,
  bucketIds: [],
  namePrefix: '',
  unit: 'never',
  duration: null,
};
const problems = (changes: Partial<KeyForm>) => {
  const changed = { ...form, ...changes };
  return problemsOfForm(
    changed,
    capabilitiesOfForm(changed, () => true),
  );
};

describe('a new key', () => {
  it('needs a name, a capability, and a bucket if it is for buckets', () => {
    expect(problems({})).toEqual({});
    expect(Object.keys(problems({ keyName: 'a b', chosen: [], isForBuckets: true }))).toEqual([
      ...['keyName', 'capabilities', 'bucketIds'],
    ]);
    expect(problems({ namePrefix: 'a'.repeat(1025) })).toEqual({
      namePrefix: 'Prefixes in UTF8 must be no more than 1024 bytes',
    });
  });

  it('is valid for up to 1,000 days', () => {
    expect(problems({ unit: 'days', duration: 1000 })).toEqual({});
    expect(problems({ unit: 'hours', duration: 24_000 })).toEqual({});
    for (const duration of [0, 1001, null, 'ten', 1.5]) {
      const text = typeof duration === 'number' && !Number.isInteger(duration) ? String(duration) : duration;
      expect(problems({ unit: 'days', duration: text })).toEqual({ duration: 'A whole number from 1 to 1,000.' });
    }
    expect(durationOf({ ...form, unit: 'days', duration: 1000 })).toBe(86_400_000);
    expect(durationOf({ ...form, unit: 'hours', duration: 2 })).toBe(7200);
    expect(durationOf(form)).toBeUndefined();
    const { validDurationInSeconds } = operations.b2_create_key.request.shape;
    expect(validDurationInSeconds.safeParse(86_400_000).success).toBe(true);
  });

  it('gets of a preset what its maker has, and no capability that a key of buckets cannot have', () => {
    const everything: KeyForm = { ...form, preset: 'everything' };
    expect(capabilitiesOfForm(everything, (capability) => capability === 'writeKeys')).toEqual(['writeKeys']);
    expect(capabilitiesOfForm({ ...form, chosen: ['writeKeys', 'readFiles'], isForBuckets: true }, () => true)).toEqual(
      ['readFiles'],
    );
  });
});
