import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshEncryptions } from './encryption.ts';
import { LeakWatch } from './leak-watch.ts';
import { makeTestFile } from './test-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'coffer-interop-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('keys, their MD5, secrets and plaintext are found', async () => {
  const watch = new LeakWatch();
  const { sseC1, sseC2 } = freshEncryptions();
  watch.customerKey(sseC1);
  watch.customerKey(sseC2);
  watch.applicationKey('K00appkeysecretsecret');
  watch.plaintext(makeTestFile(folder, 'content', 5000));
  const md5 = createHash('md5')
    .update(sseC2.key ?? '')
    .digest('base64');
  writeFileSync(join(folder, 'log'), `key ${sseC1.key?.toString('hex') ?? ''} md5 ${md5} K00appkeysecretsecret`);
  const forms = (await watch.search([folder])).map(({ form }) => form.replace(/ of \/.*\//, ' of '));
  expect(forms).toEqual(
    expect.arrayContaining([
      'customer key 1: hex',
      'MD5 of customer key 2: base64, alignment 0',
      'application key 1: raw',
      'content of content: raw',
    ]),
  );
});

test('a clean directory has no findings, a missing one is an error', async () => {
  const watch = new LeakWatch();
  watch.customerKey(freshEncryptions().sseC1);
  writeFileSync(join(folder, 'log'), 'nothing to see');
  await expect(watch.search([folder])).resolves.toEqual([]);
  await expect(watch.search([join(folder, 'absent')])).rejects.toThrow('is not there');
});

test('an unchanged blob is searched once, one that changes and any other file again', async () => {
  const watch = new LeakWatch();
  const secret = 'K00appkeysecretsecret';
  const blob = join(folder, 'blobs', 'blob');
  mkdirSync(join(folder, 'blobs'));
  watch.customerKey(freshEncryptions().sseC1);
  writeFileSync(blob, `here ${secret}`);
  await expect(watch.search([folder])).resolves.toEqual([]);
  watch.applicationKey(secret);
  await expect(watch.search([folder])).resolves.toEqual([]);
  writeFileSync(blob, `here it is: ${secret}`);
  await expect(watch.search([folder])).resolves.toEqual([
    { where: `${blob}, offset 12`, form: 'application key 1: raw' },
  ]);
  writeFileSync(join(folder, 'log'), secret);
  await expect(watch.search([folder])).resolves.toHaveLength(1);
  await expect(watch.search([folder])).resolves.toHaveLength(1);
});
