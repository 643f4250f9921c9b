import { createClient } from '@coffer/client';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { sha1, uploadFiles, useTestFiles, waitForDone } from './harness/files-of-tests.ts';
import { filesPath, rowOf, select } from './harness/files-page.ts';
import { useScene } from './harness/scene.ts';

// The primary process serves the console, and two others the clients, over the same data.
const scene = useScene(['--workers', '2']);
const files = useTestFiles();
const bucketName = 'of-two-workers';

it('with two workers, files are uploaded, seen by clients, downloaded, and put into a snapshot', async () => {
  const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
  const { path, content } = await files.random('from-the-page.bin', 300_000);
  const page = await scene.signedIn({ path: filesPath(bucketName) });
  await page.getByText('There is nothing here').waitFor();
  await uploadFiles(page, [path]);
  await waitForDone(page, 1);
  await rowOf(page, 'from-the-page.bin').waitFor();

  // Each client has a connection of its own, and so one worker or the other.
  const { apiUrl: url, keyId, key } = scene.server;
  for (let count = 0; count < 4; count++) {
    const client = createClient({ keyId, key, url });
    const download = await client.download({ bucketName, fileName: 'from-the-page.bin' });
    expect(sha1(await download.bytes())).toBe(sha1(content));
    await client.upload({ bucketId, fileName: `from-clients/${String(count)}.bin`, data: content });
    client.close();
  }
  await page.getByRole('button', { name: 'Load the list again' }).click();
  await rowOf(page, 'from-clients/').waitFor();

  await rowOf(page, 'from-the-page.bin').click();
  const details = page.getByRole('complementary', { name: 'Details of the file' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    details
      .getByRole('button', { name: /^Download/ })
      .first()
      .click(),
  ]);
  expect(sha1(await readFile(await download.path()))).toBe(sha1(content));
  await details.getByRole('button', { name: 'Close the details' }).click();

  await select(page, 'from-clients/');
  await page.getByRole('button', { name: 'Snapshot' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('4 files, 1.2 MB').waitFor();
  await dialog.getByLabel('Name of the ZIP file').fill('from-two-workers');
  await dialog.getByRole('button', { name: 'Make the snapshot' }).click();
  await dialog.getByRole('link', { name: 'See how far it is' }).click();
  await page.getByText('from-two-workers.zip').waitFor();
  await page.getByText('Done', { exact: true }).waitFor({ timeout: 90_000 });
  const [zip] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  const script = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()))';
  expect(execFileSync('python3', ['-c', script, await zip.path()], { encoding: 'utf8' }).trim()).toBe('None 4');
});
