import { expect, it } from 'vitest';
import { askedEncryption } from './asked-encryption.ts';

it('asks for SSE-B2 by its name where that is the default, and otherwise for what was chosen', () => {
  expect(askedEncryption({ mode: 'default' }, 'SSE-B2')).toEqual({ mode: 'SSE-B2' });
  expect(askedEncryption({ mode: 'default' }, 'none')).toEqual({ mode: 'default' });
  expect(askedEncryption({ mode: 'default' }, undefined)).toEqual({ mode: 'default' });
  expect(askedEncryption({ mode: 'none' }, 'none')).toEqual({ mode: 'default' });
  const chosen = { mode: 'SSE-C', keyId: 'mine' } as const;
  expect(askedEncryption(chosen, 'SSE-B2')).toBe(chosen);
});
