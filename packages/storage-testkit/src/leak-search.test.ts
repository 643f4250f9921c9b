import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertNoLeak, assertNoLeakInDirectory, searchDirectory, searchForSecrets, seededRandom } from './index.ts';

const secret = seededRandom('secret').bytes(32);
const secrets = { secrets: { token: secret } };

test('nothing is found where nothing is', () => {
  expect(searchForSecrets(secrets, seededRandom('other').bytes(100_000))).toEqual([]);
  expect(searchForSecrets(secrets, 'a text')).toEqual([]);
});

test('raw bytes and hexadecimal of either case', () => {
  const forms = (haystack: string | Uint8Array) => searchForSecrets(secrets, haystack);
  expect(forms(Buffer.concat([Buffer.from('xyz'), secret]))).toEqual([{ where: 'offset 3', form: 'token: raw' }]);
  const hex = Buffer.from(secret).toString('hex');
  expect(forms(`a ${hex}`)).toEqual([{ where: 'offset 2', form: 'token: hex' }]);
  expect(forms(`a ${hex.toUpperCase()}`)).toEqual([{ where: 'offset 2', form: 'token: hex' }]);
});

test('property: base64 and base64url find a secret of any length between any neighbours, with and without padding', () => {
  const bytes = (minLength: number) => fc.uint8Array({ minLength, maxLength: 40 });
  fc.assert(
    fc.property(bytes(0), bytes(8), bytes(0), fc.boolean(), (before, inner, after, url) => {
      const written = Buffer.concat([before, inner, after]).toString(url ? 'base64url' : 'base64');
      expect(searchForSecrets({ secrets: { inner } }, written).length).toBeGreaterThan(0);
      expect(searchForSecrets({ secrets: { inner } }, `"${written.replaceAll('=', '')}"`).length).toBeGreaterThan(0);
    }),
  );
});

test('the MD5 of a key', () => {
  const md5 = createHash('md5').update(secret).digest();
  const keys = { secrets: {}, keys: { customerKey: secret } };
  for (const encoding of ['hex', 'base64', 'base64url'] as const)
    expect(searchForSecrets(keys, md5.toString(encoding)).map(({ form }) => form.split(',')[0])).toContain(
      `MD5 of customerKey: ${encoding}`,
    );
  expect(searchForSecrets(secrets, md5.toString('hex'))).toEqual([]);
});

test('a search for nothing, or for what is too short, is refused', () => {
  expect(() => searchForSecrets({ secrets: {} }, 'x')).toThrow('no secret');
  expect(() => searchForSecrets({ secrets: { a: new Uint8Array(7) } }, 'x')).toThrow('too short');
});

test('files: across the borders of what is read at once, and in names', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-leak-'));
  try {
    const big = new Uint8Array(3 * 1024 * 1024);
    const at = 1024 * 1024 - 16;
    big.set(secret, at);
    await writeFile(join(directory, 'clean'), new Uint8Array(100));
    await assertNoLeakInDirectory(secrets, directory);
    await writeFile(join(directory, 'big'), big);
    await writeFile(join(directory, Buffer.from(secret).toString('hex')), '');
    const findings = await searchDirectory(secrets, directory);
    expect(findings.map(({ form }) => form).sort()).toEqual(['token: hex', 'token: raw']);
    expect(findings.some(({ where }) => where.endsWith(`big, offset ${at}`))).toBe(true);
    const names = await searchDirectory(secrets, directory, (path) => !path.endsWith('big'));
    expect(names).toEqual(findings.filter(({ where }) => where.endsWith('its name')));
    expect(findings.length).toBeGreaterThan(names.length);
    await expect(assertNoLeakInDirectory(secrets, directory)).rejects.toThrow('token: raw');
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('an assertion names the output and the form, not the secret', () => {
  assertNoLeak(secrets, { log: 'nothing here' });
  const hex = Buffer.from(secret).toString('hex');
  let message = '';
  try {
    assertNoLeak(secrets, { log: 'nothing here', answer: `oops ${hex}` });
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain('token: hex at answer, offset 5');
  expect(message).not.toContain(hex);
});
