import type { BucketId, FileId } from '@coffer/b2-schema';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectGood, filesPath, select } from './harness/files-page.ts';
import { useScene } from './harness/scene.ts';

const scene = useScene();
let buckets = 0;

interface Prepared {
  readonly bucketName: string;
  readonly bucketId: BucketId;
  readonly upload: (fileName: string, text?: string) => Promise<{ readonly fileId: FileId }>;
  /** `NAME action size` of every version. */
  readonly stored: () => Promise<readonly string[]>;
}

async function prepare(): Promise<Prepared> {
  const bucketName = `work-${String(++buckets)}-bucket`;
  const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
  return {
    ...{ bucketName, bucketId },
    upload: (fileName, text = 'text') => scene.api.upload({ bucketId, fileName, data: new TextEncoder().encode(text) }),
    stored: async () => {
      const { files } = await scene.api.api.listFileVersions({ bucketId, maxFileCount: 1_000 });
      return files.map(({ fileName, action, contentLength }) => `${fileName} ${action} ${String(contentLength)}`);
    },
  };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const closeDialog = (page: Page) => page.locator('.dialog-actions').getByRole('button', { name: 'Close' }).click();

describe('a deletion', () => {
  it('leaves out what came after the count, and says so', async () => {
    const { bucketName, upload, stored } = await prepare();
    for (const name of ['f/a', 'f/b', 'f/c']) await upload(name);
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await select(page, 'f/');
    await button(page, 'Delete').click();
    await button(page, 'Delete 3 versions').waitFor();
    await upload('f/b', 'newer');
    await upload('f/d', 'another');
    await button(page, 'Delete 3 versions').click();
    await page.getByText('3 versions deleted').waitFor();
    await page.getByText('2 versions were skipped, because they came after the count.').waitFor();
    await expectGood(page, 'files-skipped');
    expect(await stored()).toEqual(['f/b upload 5', 'f/d upload 7']);
    await closeDialog(page);
    await page.getByText('1 folder selected').waitFor();
  });

  it('of current versions leaves out what has become the current version since', async () => {
    const { bucketName, upload, stored } = await prepare();
    await upload('f/a', '1');
    await upload('f/b', '22');
    const { fileId } = await upload('f/b', '333');
    await upload('f/c', '4444');
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await select(page, 'f/');
    await button(page, 'Delete').click();
    await page.getByRole('radio', { name: 'The current version of each file' }).check({ force: true });
    await button(page, 'Delete 3 files').waitFor();
    await upload('f/a', '55555');
    await scene.api.api.deleteFileVersion({ fileName: 'f/b', fileId });
    await button(page, 'Delete 3 files').click();
    await page.getByText('1 file deleted').waitFor();
    await page.getByText('2 versions were skipped, because they came after the count.').waitFor();
    expect(await stored()).toEqual(['f/a upload 5', 'f/a upload 1', 'f/b upload 2']);
  });
});

describe('a deletion that runs', () => {
  /** Deletes a folder of 60 files under the versions; all but the first answers are slow. */
  async function deleting(bucketName: string): Promise<Page> {
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await page.getByRole('link', { name: 'Versions' }).click();
    let deletes = 0;
    await page.route('**/b2_delete_file_version', async (route) => {
      if (deletes++ >= 8) await new Promise((resolve) => setTimeout(resolve, 1_000));
      await route.continue();
    });
    await select(page, 'f/');
    await button(page, 'Delete').click();
    await button(page, 'Delete 60 versions').click();
    await page.getByText(/^Deleting: [1-9]\d* of 60/).waitFor();
    return page;
  }

  it('ends with its dialog, and says how far it came', async () => {
    const { bucketName, upload, stored } = await prepare();
    await Promise.all(Array.from({ length: 60 }, (_, at) => upload(`f/${String(at)}`)));
    const page = await deleting(bucketName);
    await page.goBack();
    const told = await page.getByText(/versions? deleted before it was stopped/).textContent();
    const left = (await stored()).length;
    expect(left).toBeGreaterThan(20);
    expect(left).toBe(60 - Number.parseInt(told ?? ''));
  });

  it('has the browser ask before the tab is left', async () => {
    const { bucketName, upload } = await prepare();
    await Promise.all(Array.from({ length: 60 }, (_, at) => upload(`f/${String(at)}`)));
    const page = await deleting(bucketName);
    const asked = page.waitForEvent('dialog');
    void page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    await button(page, 'Stop').click();
    await page.getByText(/versions? deleted before it was stopped/).waitFor();
    const wouldAsk = () =>
      page.evaluate<boolean>("!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))");
    await expect.poll(wouldAsk).toBe(false);
  });
});

describe('a copy of several versions', () => {
  it('keeps their order, and leaves out hide markers and unfinished files', async () => {
    const { bucketName, bucketId, upload } = await prepare();
    const target = await prepare();
    for (const text of ['1', '22', '333', '4444']) await upload('a', text);
    await scene.api.api.hideFile({ bucketId, fileName: 'a' });
    await scene.api.api.startLargeFile({ bucketId, fileName: 'large', contentType: 'text/plain' });
    for (const text of ['55555', '666666']) await upload('b', text);
    const page = await scene.signedIn({ path: filesPath(bucketName, { show: 'versions' }) });
    await page.locator('.file-row').first().waitFor();
    await page.getByText('Select all that are loaded').click();
    await page.getByText('8 versions selected').waitFor();
    await button(page, 'Copy to …').click();
    await page.getByText('The files are in this folder already. Choose another folder or another bucket.').waitFor();
    await page.getByText('Hide markers and unfinished large files are left out.').waitFor();
    expect(await button(page, 'Copy 6 files').isDisabled()).toBe(true);
    await page.getByRole('button', { name: /To the bucket/ }).click();
    await page.getByRole('option', { name: target.bucketName }).click();
    // The oldest takes longest: the others have to wait for it.
    let begun = 0;
    await page.route('**/b2_copy_file', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 400 - 100 * begun++)));
      await route.continue();
    });
    await button(page, 'Copy 6 files').click();
    await page.getByText('6 files copied').waitFor();
    const copies = ['a upload 4', 'a upload 3', 'a upload 2', 'a upload 1', 'b upload 6', 'b upload 5'];
    expect(await target.stored()).toEqual(copies);
  });
});
