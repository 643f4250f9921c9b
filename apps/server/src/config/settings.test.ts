import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { settingsTable } from '../test-support/settings-table.ts';
import { environmentName, flagName } from './setting-names.ts';
import { configKeys, settings } from './settings.ts';

it('derives names that cannot be confused', () => {
  expect(flagName('httpsListen')).toBe('--https-listen');
  expect(environmentName('httpsListen')).toBe('COFFER_HTTPS_LISTEN');
  expect(new Set(configKeys.map(environmentName)).size).toBe(configKeys.length);
});

it('are in the help by heading, the common ones first', () => {
  const headings = configKeys.map((key) => settings[key].heading);
  expect(headings[0]).toBe('Common options');
  const changes = headings.filter((heading, at) => heading !== headings[at - 1]);
  expect(changes).toEqual([...new Set(headings)]);
});

/** With COFFER_WRITE_README set, the README is written instead of compared. */
it('are all in the table of the README, which is made of them', async () => {
  const path = new URL('../../README.md', import.meta.url);
  const readme = await readFile(path, 'utf8');
  const made = readme.replace(/^\| flag .*\n(?:\|.*\n)+/m, settingsTable);
  expect(made).toContain(settingsTable());
  if (process.env['COFFER_WRITE_README'] !== undefined) await writeFile(path, made);
  else expect(readme).toBe(made);
});
