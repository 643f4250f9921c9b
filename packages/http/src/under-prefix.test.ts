import { describe, expect, it } from 'vitest';
import { testRequest } from './testing.ts';
import { underPrefix } from './under-prefix.ts';

describe('a handler below a prefix', () => {
  const seen = underPrefix('/coffer', (request) =>
    Promise.resolve({ status: 200, headers: [['X-Seen', request.target]] }),
  );

  it.each([
    ['/coffer/b2api/v4/x?a=1', '/b2api/v4/x?a=1'],
    ['/coffer/file/b/a%20b', '/file/b/a%20b'],
    ['/coffer', '/'],
    ['/coffer?a', '/?a'],
    ['/coffer/', '/'],
    ['http://h/coffer/x', '/x'],
  ])('sees %s as %s', async (target, expected) => {
    expect((await seen(testRequest({ target }))).headers).toEqual([['X-Seen', expected]]);
  });

  it.each(['/', '/cofferx', '/cof', '/b2api/v4/x', '', '/x/coffer/y', '/Coffer/y'])(
    'does not see %j',
    async (target) => {
      expect((await seen(testRequest({ target }))).status).toBe(404);
    },
  );

  it.each(['', '/', 'coffer', '/coffer/'])('is not made below %j', (prefix) => {
    expect(() => underPrefix(prefix, () => Promise.reject(new Error('never')))).toThrow(RangeError);
  });
});
