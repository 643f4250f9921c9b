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
