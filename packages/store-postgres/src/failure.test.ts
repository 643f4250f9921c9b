import { StoreError } from '@coffer/storage-ports';
import { DatabaseError } from 'pg';
import { expect, it } from 'vitest';
import { connectFailure, DatabaseFailure, queryFailure, storeFailure, troubleOf } from './failure.ts';

function databaseError(code: string, message = 'no'): DatabaseError {
  const error = new DatabaseError(message, message.length, 'error');
  return Object.assign(error, { code, detail: 'Key (key)=(\\x01) exists.' });
}

it.each([
  ['40001', 'again'],
  ['40P01', 'again'],
  ['53300', 'again'],
  ['25006', 'refused'],
  ['53100', 'refused'],
  ['57014', 'refused'],
  ['42P01', 'refused'],
  ['57P01', 'lost'],
  ['08006', 'lost'],
  ['XX000', 'lost'],
])('after %s: %s', (code, kind) => {
  expect(queryFailure(databaseError(code)).kind).toBe(kind);
});

it('an error that is not the server’s leaves the outcome open', () => {
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  expect(queryFailure(reset)).toMatchObject({ kind: 'lost', code: 'ECONNRESET' });
  expect(queryFailure(new Error('Connection terminated unexpectedly'))).toMatchObject({ kind: 'lost', code: 'none' });
});

it('says nothing of the row', () => {
  const failure = queryFailure(databaseError('23505', 'duplicate key value'));
  expect(JSON.stringify(failure) + failure.message).not.toContain('x01');
  expect(failure.cause).toBeUndefined();
});

it('what waiting mends is unreachable on connecting; a wrong password is refused', () => {
  expect(connectFailure('u@h:1/d', databaseError('57P03')).kind).toBe('unreachable');
  expect(connectFailure('u@h:1/d', databaseError('53300')).kind).toBe('unreachable');
  expect(connectFailure('u@h:1/d', databaseError('28P01'))).toMatchObject({
    kind: 'refused',
    message: 'The database u@h:1/d cannot be reached: the server refuses the password (28P01)',
  });
});

it('a full disk is full, everything else is io', () => {
  expect(storeFailure('The commit', queryFailure(databaseError('53100')))).toMatchObject({ code: 'full' });
  expect(storeFailure('The commit', queryFailure(databaseError('25006')))).toMatchObject({ code: 'io' });
  const own = new StoreError('conflict', 'x');
  expect(storeFailure('The commit', own)).toBe(own);
});

it('tells the states apart', () => {
  const codes = ['25006', '53100', '42501', '28P01', '3F000', 'schema', '40001'];
  expect(codes.map(troubleOf)).toEqual([
    'read_only',
    'full',
    'denied',
    'denied',
    'wrong_schema',
    'wrong_schema',
    undefined,
  ]);
  expect(new DatabaseFailure('lost', 'none', 'x').name).toBe('DatabaseFailure');
});
