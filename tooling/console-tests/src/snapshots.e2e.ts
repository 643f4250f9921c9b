import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { sseB2 } from '@coffer/client';
import type { BucketId } from '@coffer/b2-schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { select } from './harness/files-page.ts';
import { phone, useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

const scene = useScene();
const bucketName = 'to-be-snapped';
let bucketId: BucketId;
const contents = new Map([
  ['photos/2026/one.bin', randomBytes(300_000)],
  ['photos/2026/two.bin', randomBytes(5)],
  ['photos/Zürich 😀.txt', Buffer.from('text')],
]);

beforeAll(async () => {
  const { api } = scene;
  ({ bucketId } = await api.api.createBucket({ bucketName, bucketType: 'allPrivate' }));
  for (const [fileName, data] of contents) await api.upload({ bucketId, fileName, data });
  await api.upload({ bucketId, fileName: 'photos/secret.txt', data: Buffer.from('secret'), encryption: sseB2() });
});

describe('snapshots', () => {
  it('are made of a folder, without what is encrypted, and downloaded', async () => {
    const page = await scene.signedIn({ path: '/snapshots' });
    await page.getByText('No snapshots yet').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'snapshots-empty');

    await page.getByRole('link', { name: 'the list' }).click();
    await page.getByRole('link', { name: bucketName }).first().click();
    await select(page, 'photos/');
    await page.getByRole('button', { name: 'Snapshot' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('3 files, 300 KB').waitFor();
    await dialog.getByRole('button', { name: 'Left out: 1 file' }).click();
    await dialog.getByText('photos/secret.txt').waitFor();
    await dialog.getByLabel('Name of the ZIP file').fill('holi/days');
    await dialog.getByText('It must not have a slash.').waitFor();
    await dialog.getByLabel('Name of the ZIP file').fill('holidays');
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'snapshot-dialog');
    await dialog.getByRole('button', { name: 'Make the snapshot' }).click();
    await dialog.getByRole('link', { name: 'See how far it is' }).click();
    await page.getByText('holidays.zip').waitFor();
    await page.getByText('Done', { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Encrypted, left out: 1 file' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'snapshots');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('holidays.zip');
    const script =
      'import sys, json, zipfile, hashlib; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; ' +
      'print(json.dumps({n: hashlib.sha1(z.read(n)).hexdigest() for n in z.namelist()}))';
    const listed = execFileSync('python3', ['-c', script, await download.path()], { encoding: 'utf8' });
    expect(Object.keys(JSON.parse(listed) as object).sort()).toEqual([...contents.keys()].sort());
  });

  it('are asked for again when the server could not be asked whether it makes any', async () => {
    const page = await scene.page({}, '/snapshots');
    let isRefused = true;
    await page.context().route('**/coffer_get_console', async (route) => {
      const json = { status: 403, code: 'access_denied', message: 'Not <b>now</b>' };
      if (isRefused) await route.fulfill({ status: 403, json });
      else await route.continue();
    });
    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The server could not be asked whether it makes snapshots').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    isRefused = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('holidays.zip').waitFor();
  });

  it('outlive a restart of the server', async () => {
    await scene.server.restart();
    const page = await scene.signedIn({ ...phone, colorScheme: 'dark', path: '/snapshots' });
    await page.getByText('holidays.zip').waitFor();
    await page.getByText('Done', { exact: true }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(page, 'snapshots-phone-dark');
  });

  it('are deleted after a question', async () => {
    const page = await scene.signedIn({ path: '/snapshots' });
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete the ZIP file' }).click();
    await page.getByText('The snapshot was deleted').waitFor();
    const { buckets } = await scene.api.api.listBuckets({
      accountId: (await scene.api.account()).accountId,
      bucketTypes: ['all'],
    });
    const own = buckets.find(({ bucketType }) => bucketType === 'snapshot');
    expect(own?.bucketName).toMatch(/^b2-snapshots-/);
    const left: string[] = [];
    for await (const { fileName } of scene.api.list.fileNames({ bucketId: own?.bucketId ?? bucketId }))
      left.push(fileName);
    expect(left).toEqual([]);
    await page.getByText('Deleted', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Download' }).count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'snapshots-deleted');
    await page.getByRole('button', { name: 'Remove from the list' }).click();
    await page.getByText('No snapshots yet').waitFor();
  });

  it('are not offered to a key that is restricted to a bucket', async () => {
    const { applicationKeyId: keyId, applicationKey } = await scene.api.api.createKey({
      ...{ keyName: 'one-bucket', bucketIds: [bucketId] },
      capabilities: ['listBuckets', 'listFiles', 'readFiles', 'writeFiles'],
    });
    const page = await scene.signedIn({ keyId, key: applicationKey.expose((text) => text), path: '/snapshots' });
    await page.getByText('This key may not see or make snapshots').waitFor();
  });
});
