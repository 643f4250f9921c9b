import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { configOptions, environmentName, flagName } from './options.ts';

it('derives names that can not be confused', () => {
  expect(flagName('httpsListen')).toBe('--https-listen');
  expect(environmentName('httpsListen')).toBe('COFFER_HTTPS_LISTEN');
  expect(new Set(configOptions.map(({ key }) => environmentName(key))).size).toBe(configOptions.length);
});

it('are all in the README, with what they are', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  for (const { key } of configOptions) {
    expect(readme).toContain(`| \`${flagName(key)}`);
    expect(readme).toContain(`| \`${environmentName(key)}\``);
  }
});
