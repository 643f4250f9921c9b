import type { BucketId, FileId } from '@coffer/b2-schema';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectGood, filesPath } from './harness/files-page.ts';
import { useScene } from './harness/scene.ts';

const scene = useScene();
let buckets = 0;

interface Prepared {
  readonly bucketName: string;
  readonly bucketId: BucketId;
  readonly upload: (fileName: string, text: string) => Promise<{ readonly fileId: FileId }>;
  /** The ids of all versions, by name, the newest first. */
  readonly stored: () => Promise<readonly FileId[]>;
}

async function prepare(settings: object = {}): Promise<Prepared> {
  const bucketName = `details-${String(++buckets)}-bucket`;
  const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate', ...settings });
  return {
    ...{ bucketName, bucketId },
    upload: (fileName, text) => scene.api.upload({ bucketId, fileName, data: new TextEncoder().encode(text) }),
    stored: async () => {
      const { files } = await scene.api.api.listFileVersions({ bucketId, maxFileCount: 1_000 });
      return files.map(({ fileId }) => fileId as FileId);
    },
  };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function choose(page: Page, action: string): Promise<void> {
  await button(page, 'More actions for this file').click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** As if somebody came back to the tab a minute later: what is shown is read again. */
async function comeBack(page: Page): Promise<void> {
  await page.evaluate(`{
    const now = Date.now;
    Date.now = () => now() + 60_000;
    window.dispatchEvent(new Event('visibilitychange'));
  }`);
}

describe('a dialog of the details', () => {
  it('stays, with what was written into it, when the window becomes narrow or wide', async () => {
    const { bucketName, upload, stored } = await prepare();
    await upload('a', 'text');
    const page = await scene.signedIn({ path: filesPath(bucketName, { file: 'a' }) });
    const beside = page.getByRole('complementary', { name: 'Details of the file' });
    await beside.waitFor();
    for (const [width, other, name] of [
      [700, 1280, 'b'],
      [1280, 700, 'c'],
    ] as const) {
      await button(page, 'Copy to …').click();
      await page.getByLabel('As').fill(name);
      await page.setViewportSize({ width, height: 800 });
      await page.setViewportSize({ width: other, height: 800 });
      await page.setViewportSize({ width, height: 800 });
      expect(await page.getByLabel('As').inputValue()).toBe(name);
      await expectGood(page, `files-details-resized-${String(width)}`);
      await button(page, 'Copy 1 file').click();
      await page.getByText('1 file copied').first().waitFor();
      // Only then the details go where they belong at this width.
      await expect.poll(() => beside.count()).toBe(width === 700 ? 0 : 1);
      await button(page, 'Copy to …').waitFor();
      await expectGood(page, `files-details-after-${String(width)}`);
    }
    expect((await stored()).length).toBe(3);
  });

  it('deletes the version that was shown when it was opened, not one that came since', async () => {
    const { bucketName, upload, stored } = await prepare();
    await upload('a', 'the first');
    const page = await scene.signedIn({ path: filesPath(bucketName, { file: 'a' }) });
    await choose(page, 'Delete this version');
    await page.getByText(/^Version of .+, 9 bytes$/).waitFor();
    const { fileId } = await upload('a', 'new');
    await comeBack(page);
    await page.locator('.file-version').nth(1).waitFor();
    await page.getByText(/^Version of .+, 9 bytes$/).waitFor();
    await button(page, 'Delete 1 version').click();
    await page.getByText('The version was deleted').waitFor();
    expect(await stored()).toEqual([fileId]);
  });

  it('changes the retention of the version that was shown when it was opened', async () => {
    const { bucketName, bucketId, upload } = await prepare({ fileLockEnabled: true });
    await upload('a', 'the first');
    const page = await scene.signedIn({ path: filesPath(bucketName, { file: 'a' }) });
    await choose(page, 'Change the retention');
    await page.getByText(/^Version of .+, 9 bytes$/).waitFor();
    await upload('a', 'new');
    await comeBack(page);
    await page.locator('.file-version').nth(1).waitFor();
    await button(page, 'Set the retention').click();
    await page.getByText('The retention was set').waitFor();
    const { files } = await scene.api.api.listFileVersions({ bucketId });
    const modes = files.map((file) =>
      file.action === 'upload' ? (file.fileRetention.value?.mode ?? null) : undefined,
    );
    expect(modes).toEqual([null, 'governance']);
  });
});

it.each([
  ['an older version', 1],
  ['the current version', 0],
])('“Delete the file” deletes all versions of it, wherever it is chosen: %s', async (_, index) => {
  const { bucketName, upload, stored } = await prepare();
  await upload('a', 'the first');
  await upload('a', 'the second');
  const { fileId: kept } = await upload('ab', 'kept');
  const version = (await stored())[index] ?? '';
  const page = await scene.signedIn({ path: filesPath(bucketName, { file: 'a', version }) });
  await page.getByText(index === 0 ? 'Current version' : 'Older version', { exact: true }).waitFor();
  await choose(page, 'Delete the file');
  await page.getByText('All versions, with hide markers and unfinished large files').waitFor();
  expect(await page.getByRole('radio').count()).toBe(0);
  await button(page, 'Delete 2 versions').click();
  await page.getByText('2 versions deleted').waitFor();
  await page.getByRole('complementary').waitFor({ state: 'detached' });
  expect(await stored()).toEqual([kept]);
});

it('the details stay while a deletion runs, and when they cannot be read again', async () => {
  const { bucketName, upload } = await prepare();
  await upload('a', 'the first');
  await upload('a', 'the second');
  const page = await scene.signedIn({ path: filesPath(bucketName, { file: 'a' }) });
  await page.getByText('10 bytes').first().waitFor();
  await page.route('**/b2_list_file_versions', (route) =>
    route.fulfill({ status: 400, json: { status: 400, code: 'bad_request', message: 'made up by the test' } }),
  );
  await comeBack(page);
  await page.getByRole('alert').getByText('The file could not be looked up').waitFor();
  await page.getByText('Current version').waitFor();
  await expectGood(page, 'files-details-error');
  await page.unroute('**/b2_list_file_versions');
  await button(page, 'Try again').click();
  await page.getByText('The file could not be looked up').waitFor({ state: 'detached' });

  await page.route('**/b2_delete_file_version', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await route.continue();
  });
  await choose(page, 'Delete the file');
  await button(page, 'Delete 2 versions').click();
  await button(page, 'Stop').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('2 versions deleted').waitFor();
  await page.getByRole('complementary').waitFor({ state: 'detached' });
});
