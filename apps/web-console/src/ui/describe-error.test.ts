import { ClientError } from '@coffer/client';
import { expect, it } from 'vitest';
import { describeError } from './describe-error.ts';

it('tells a key that is gone from a key that may not do something', () => {
  const details = { status: 401, serverCode: 'unauthorized', serverMessage: 'no' };
  const refused = (operation: 'b2_authorize_account' | 'b2_list_keys') =>
    describeError(new ClientError('unauthorized', 'no', { ...details, operation }));
  expect(refused('b2_authorize_account')).toMatchObject({
    text: 'This application key no longer exists, or its secret is wrong. Sign in again.',
    isOfLostKey: true,
  });
  expect(refused('b2_list_keys')).toMatchObject({
    text: 'This application key may not do that. The server says: no',
    isOfLostKey: false,
  });
});
