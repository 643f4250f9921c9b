import type { BucketId, Capability } from '@coffer/b2-schema';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectGood, filesPath, rowOf, select } from './harness/files-page.ts';
import { useScene } from './harness/scene.ts';

const scene = useScene();
const bucketName = 'shared-bucket';
let bucketId: BucketId;

beforeAll(async () => {
  ({ bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate', fileLockEnabled: true }));
  const data = new TextEncoder().encode('text');
  for (const fileName of ['mine/2026/a.txt', 'mine/b.txt', 'other/c.txt']) {
    await scene.api.upload({ bucketId, fileName, data });
  }
});

/** A tab that is signed in with a new key of these capabilities, for this bucket only. */
async function signedInWith(capabilities: Capability[], path: string, more: object = {}) {
  const made = await scene.api.api.createKey({ keyName: 'test', capabilities, bucketIds: [bucketId], ...more });
  const key = made.applicationKey.expose((text) => text);
  return scene.signedIn({ keyId: made.applicationKeyId, key, path });
}

describe('a restricted key', () => {
  it('that may only list sees the names, and is offered nothing else', async () => {
    const page = await signedInWith(['listBuckets', 'listFiles'], filesPath(bucketName, { prefix: 'mine/' }));
    await rowOf(page, 'b.txt').click();
    await page.getByText('4 bytes').waitFor();
    await page.getByText('This key may not see it (it lacks readFileRetentions)').waitFor();
    await page.getByText('This key may not see it (it lacks readFileLegalHolds)').waitFor();
    for (const name of ['More actions for this file', 'Copy to …', 'Actions for this folder']) {
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    }
    await expectGood(page, 'files-restricted');
    await page.getByRole('button', { name: 'Close the details' }).click();
    await select(page, 'b.txt');
    for (const name of ['Copy to …', 'Hide', 'Delete']) {
      expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0);
    }
  });

  it('for some names begins at their folder, and says what it may not see', async () => {
    const options = { namePrefix: 'mine/' };
    const capabilities: Capability[] = ['listBuckets', 'listFiles', 'deleteFiles', 'writeFiles'];
    const page = await signedInWith(capabilities, filesPath(bucketName), options);
    await rowOf(page, 'b.txt').waitFor();
    expect(new URL(page.url()).searchParams.get('prefix')).toBe('mine/');
    await rowOf(page, '2026/').click();
    await rowOf(page, 'a.txt').waitFor();
    const other = await signedInWith(capabilities, filesPath(bucketName, { prefix: 'other/' }), options);
    await other.getByText('This key may not see this folder').waitFor();
    await expectGood(other, 'files-not-visible');
  });

  it('that may not list buckets can list the files of its own', async () => {
    const page = await signedInWith(['listFiles'], filesPath(bucketName, { prefix: 'mine/' }));
    await rowOf(page, 'b.txt').waitFor();
  });

  it('that may not list files is told so', async () => {
    const page = await signedInWith(['listBuckets', 'writeFiles'], filesPath(bucketName));
    await page.getByText('This key may not list files').waitFor();
    await expectGood(page, 'files-no-list');
  });
});

it('everything can be done by keyboard alone', async () => {
  const data = new TextEncoder().encode('text');
  for (const name of ['1.txt', '2.txt', '3.txt', 'sub/4.txt']) {
    await scene.api.upload({ bucketId, fileName: `keys/${name}`, data });
  }
  const page = await scene.signedIn({ path: filesPath(bucketName, { prefix: 'keys/' }) });
  await rowOf(page, '1.txt').waitFor();
  const focused = () => page.evaluate<string>('document.activeElement.innerText.trim().split("\\n")[0]');
  await page.getByRole('searchbox').focus();
  for (let presses = 0; presses < 8 && !(await focused()).startsWith('1.txt'); presses++)
    await page.keyboard.press('Tab');
  expect(await focused()).toBe('1.txt');

  // Opens the details, which get the focus; Escape gives it back to the list.
  await page.keyboard.press('Enter');
  await page.getByText('Current version').waitFor();
  await expect.poll(focused).toBe('keys/1.txt');
  await page.keyboard.press('Escape');
  await page.getByRole('complementary').waitFor({ state: 'detached' });
  await expect.poll(focused).toBe('1.txt');

  // Selects two, and hides them.
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('2 files selected').waitFor();
  for (let presses = 0; presses < 8 && (await focused()) !== 'Hide'; presses++) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Hide 2 files' }).waitFor();
  await page.getByRole('button', { name: 'Hide 2 files' }).focus();
  await page.keyboard.press('Enter');
  await rowOf(page, '1.txt').waitFor({ state: 'detached' });

  // Into a folder and back.
  await rowOf(page, 'sub/').focus();
  await page.keyboard.press('Enter');
  await rowOf(page, '4.txt').waitFor();
  await expect.poll(focused).toBe('4.txt');
  const up = page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: 'keys' });
  await up.focus();
  await page.keyboard.press('Enter');
  await rowOf(page, 'sub/').waitFor();
});
