import { describe, expect, it } from 'vitest';
import { sha1, uploadFiles, useTestFiles, waitForDone } from './harness/files-of-tests.ts';
import { useScene } from './harness/scene.ts';

// Of all uploads, the server fails a third on purpose.
const parts = ['--minimum-part-size', '100000', '--recommended-part-size', '100000'];
const scene = useScene([...parts, '--test-mode', '--test-upload-failure-rate', '0.33']);
const files = useTestFiles();

describe('uploading to a server that fails again and again', () => {
  it('repeats what fails, and stores everything as it was', async () => {
    const bucketName = 'faults-bucket';
    await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
    const sizes = [1_100_000, ...Array.from({ length: 12 }, (_, n) => n * 1_000)];
    const local = await Promise.all(sizes.map((size) => files.random(`fault-${String(size)}`, size)));
    const page = await scene.signedIn({ path: `/buckets/${bucketName}/files` });
    await uploadFiles(
      page,
      local.map(({ path }) => path),
    );
    await waitForDone(page, sizes.length);
    for (const [n, { content }] of local.entries()) {
      const fileName = `fault-${String(sizes[n])}`;
      expect(sha1(await (await scene.api.download({ bucketName, fileName })).bytes())).toBe(sha1(content));
    }
  });

  it('can be done with the keyboard alone', async () => {
    const bucketName = 'keyboard-bucket';
    const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
    const { path } = await files.random('by keyboard.txt', 100);
    const page = await scene.signedIn({ path: `/buckets/${bucketName}/files` });
    const focused = () => page.evaluate<string>('document.activeElement?.textContent ?? ""');
    const tabTo = async (text: RegExp): Promise<void> => {
      for (let presses = 0; presses < 60 && !text.test(await focused()); presses++) await page.keyboard.press('Tab');
      expect(await focused()).toMatch(text);
    };
    await page.getByRole('button', { name: 'Upload', exact: true }).first().waitFor();
    await tabTo(/^Upload$/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Upload files' }).waitFor();
    await tabTo(/^Choose files$/);
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Enter');
    await (await chooser).setFiles([path]);
    await page.getByRole('button', { name: 'Upload 1 file' }).waitFor();
    await tabTo(/^Upload 1 file$/);
    await page.keyboard.press('Enter');
    await waitForDone(page, 1);
    const { files: stored } = await scene.api.api.listFileNames({ bucketId });
    expect(stored.map(({ fileName }) => fileName)).toEqual(['by keyboard.txt']);
    const close = page.getByRole('button', { name: 'Close the list of transfers' });
    await close.focus();
    await page.keyboard.press('Enter');
    await close.waitFor({ state: 'detached' });
  });
});
