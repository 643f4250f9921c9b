import { ClientError } from '@coffer/client';
import { expect, it } from 'vitest';
import { lockText, refusalText } from './lock-text.ts';

it('names the hold, and retention that still lasts', () => {
  const until = 1_800_000_000_000;
  const lock = { isHeld: true, mode: 'governance', until } as const;
  expect(lockText(lock, until - 1)).toMatch(/^It is under legal hold, and under governance retention until .+\.$/);
  expect(lockText(lock, until)).toBe('It is under legal hold.');
  expect(lockText({ ...lock, isHeld: false }, until)).toBeUndefined();
});

it('explains only a refusal', () => {
  expect(refusalText(new ClientError('connection_failed', 'no'), undefined)).toBeUndefined();
  const refused = new ClientError('access_denied', 'no');
  expect(refusalText(refused, { isHeld: true, mode: null, until: null })).toBe('It is under legal hold.');
  expect(refusalText(refused, undefined)).toBe('It is not allowed. It may be under legal hold or under retention.');
});
