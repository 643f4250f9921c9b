import type { BucketId } from '@coffer/b2-schema';
import { truncate } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { chooseFiles, sha1, uploadFiles, useTestFiles, waitForDone } from './harness/files-of-tests.ts';
import { useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

// Parts of 100 kB, so that large files are quick.
const scene = useScene(['--minimum-part-size', '100000', '--recommended-part-size', '100000']);
const files = useTestFiles();

let buckets = 0;

async function storedParts(bucketId: BucketId): Promise<number> {
  for await (const { fileId } of scene.api.list.unfinishedLargeFiles({ bucketId })) {
    return (await scene.api.api.listParts({ fileId })).parts.length;
  }
  return 0;
}

/**
 * A large file of which two parts were uploaded, and a page that was loaded again and is signed in. As long as nobody
 * calls `hold(false)`, no further part arrives.
 */
async function begun(fileName: string, whileAway: (bucketId: BucketId) => Promise<void> = () => Promise.resolve()) {
  const bucketName = `continued-${String(++buckets)}-bucket`;
  const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
  const { path: local, content } = await files.random(fileName, 500_000);
  const page = await scene.signedIn({ path: `/buckets/${bucketName}/files` });
  let parts = 0;
  let isHeld = true;
  await page.context().route(
    (url) => url.pathname.includes('b2_upload_part'),
    async (route) => {
      if (!isHeld || ++parts <= 2) await route.continue().catch(() => undefined);
    },
  );
  await uploadFiles(page, [local]);
  await expect.poll(() => storedParts(bucketId)).toBe(2);
  page.on('dialog', (dialog) => void dialog.accept());
  await whileAway(bucketId);
  await page.reload();
  await signIn(page);
  const hold = (held: boolean): void => {
    isHeld = held;
  };
  return { bucketId, bucketName, local, content, page, hold };
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Application key id').fill(scene.server.keyId);
  await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe('a large file that was begun earlier', () => {
  it('is not continued in clear where the bucket encrypts by default since then', async () => {
    const { bucketName, local, content, page, hold } = await begun('in clear.bin', (bucketId) =>
      scene.api.defaultEncryption.set(bucketId, 'SSE-B2'),
    );
    hold(false);
    await chooseFiles(page, [local]);
    await page.getByText('The bucket’s default: SSE-B2').waitFor();
    await page.getByRole('button', { name: 'Upload 1 file' }).click();
    await waitForDone(page, 1);
    const download = await scene.api.download({ bucketName, fileName: 'in clear.bin' });
    expect(download.file.serverSideEncryption.mode).toBe('SSE-B2');
    expect(sha1(await download.bytes())).toBe(sha1(content));
  });

  it('ends with the session, and no transfer is listed in the next one', async () => {
    const { bucketId, local, page } = await begun('signed out.bin');
    await uploadFiles(page, [local]);
    await page.getByText('2 parts are already there').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    const question = page.getByRole('dialog', { name: 'Sign out during transfers?' });
    await question.getByRole('button', { name: 'Sign out' }).click();
    await signIn(page);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(await page.getByText('signed out.bin').count()).toBe(0);
    expect(await storedParts(bucketId)).toBe(2);
  });

  it('stays when the upload that continues it is cancelled, and the tray says so', async () => {
    const { bucketId, local, page } = await begun('left.bin');
    await uploadFiles(page, [local]);
    await page.getByText('2 parts are already there').waitFor();
    await page.getByRole('button', { name: 'Cancel left.bin' }).click();
    await page.getByText('Cancelled: an earlier upload began it, so its parts stay').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'uploads-parts-stay');
    await page.waitForTimeout(1_000);
    expect(await storedParts(bucketId)).toBe(2);
    await page.getByRole('button', { name: 'Close the list of transfers' }).click();
    await expect.poll(() => page.getByRole('region', { name: 'Transfers' }).count()).toBe(0);
  });

  it('stays when the upload is cancelled while its checksum is computed, and the tray says so', async () => {
    const bucketName = 'checked-bucket';
    const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
    const contentType = 'application/octet-stream';
    await scene.api.api.startLargeFile({ bucketId, fileName: 'checked.bin', contentType });
    const { path: local } = await files.random('checked.bin', 1);
    // Takes no room on the disk, and long enough to be paused.
    await truncate(local, 2 ** 31);
    const page = await scene.signedIn({ path: `/buckets/${bucketName}/files` });
    await uploadFiles(page, [local]);
    await page.getByText('Computing its checksum').waitFor();
    await page.getByRole('button', { name: 'Pause checked.bin' }).click();
    await page.getByText(/^Paused · its checksum is computed to \d+ %, nothing is sent yet/).waitFor();
    await page.getByText('0 B of 2.15 GB').waitFor();
    await page.getByRole('button', { name: 'Cancel checked.bin' }).click();
    await page.getByText('Cancelled: an earlier upload began it, so its parts stay').waitFor();
    const left: string[] = [];
    for await (const { fileName } of scene.api.list.unfinishedLargeFiles({ bucketId })) left.push(fileName);
    expect(left).toEqual(['checked.bin']);
  });
});
