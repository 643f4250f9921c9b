import { describe, expect, it } from 'vitest';
import { profileSchema } from '../model/feature.ts';
import { allCases, casesOf } from './catalogue.ts';

it('has cases with ids of their own, of their protocol and in one form', () => {
  const ids = allCases.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, protocol } of allCases) {
    expect(id).toMatch(/^(?:b2|s3)(?:\/[a-z0-9-]+){2,3}$/);
    expect(id.startsWith(`${protocol}/`)).toBe(true);
  }
});

it('is data', () => {
  expect(JSON.parse(JSON.stringify(allCases))).toEqual(allCases);
});

it('says of each case in sentences what it requires, and on what that stands', () => {
  for (const { requirement, source, steps } of allCases) {
    expect(requirement).toMatch(/^[A-Z].*\.$/);
    expect(source.name).not.toBe('');
    expect(steps.length).toBeGreaterThan(0);
  }
});

it('expects something of each case', () => {
  const vague = allCases.filter(({ steps }) => steps.every(({ expect: expected }) => expected === undefined));
  expect(vague).toEqual([]);
});

describe.each(profileSchema.options)('%s', (profile) => {
  it('has steps of its protocol only', () => {
    const other = profile === 's3' ? 'b2-' : 's3';
    const own = casesOf(profile).filter(({ needs }) => !needs.includes('cross-api'));
    const kinds = own.flatMap(({ steps }) => steps.map((step) => (step.do === 'raw' ? step.request.do : step.do)));
    expect(kinds.length).toBeGreaterThan(100);
    expect(kinds.filter((kind) => kind.startsWith(other))).toEqual([]);
  });

  it('gives no step the name of a value of the run', () => {
    const names = casesOf(profile).flatMap(({ steps }) => steps.map(({ name }) => name));
    expect(names.filter((name) => name !== undefined && /^(?:bucket|key|dir|accountId)$/.test(name))).toEqual([]);
  });

  it('names only what an earlier step has given', () => {
    for (const { id, steps } of casesOf(profile)) {
      const given = new Set(['bucket', 'accountId', 'dir', 'key', 'minimumPart', 'time', 'date']);
      for (const step of steps) {
        // An answer may be compared with what it says itself.
        if (step.name !== undefined) given.add(step.name);
        const ofRequest = step.do === 'raw' ? ['method', 'target', 'letters', 'sent'] : [];
        for (const name of ofRequest) given.add(name);
        const named = [...JSON.stringify(step).matchAll(/\{\{(minimumPart|time|date|\w[\w-]*)/g)].map(
          ([, name = '']) => name,
        );
        expect([id, named.filter((name) => !given.has(name))]).toEqual([id, []]);
      }
    }
  });
});
