import type { BucketId } from '@coffer/b2-schema';
import { sseB2 } from '@coffer/client';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectGood, select } from './harness/files-page.ts';
import { phone, useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

const scene = useScene();
const bucketName = 'holiday-photos';
let bucketId: BucketId;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The page of the files of the bucket, with a query such as `?prefix=a/`. */
function files(query = ''): string {
  return `/buckets/${bucketName}/files${query}`;
}

function row(page: Page, name: string) {
  return page.getByRole('row', { name });
}

beforeAll(async () => {
  ({ bucketId } = await scene.api.api.createBucket({
    ...{ bucketName, bucketType: 'allPrivate', fileLockEnabled: true },
  }));
  const upload = (fileName: string, text: string, more: object = {}) =>
    scene.api.upload({ bucketId, fileName, data: bytes(text), ...more });
  await upload('readme.txt', 'first');
  await upload('readme.txt', 'the second version', {
    fileInfo: { author: 'someone', src_last_modified_millis: '1700000000000' },
    contentType: 'text/plain',
  });
  await upload('secret.txt', 'secret', { encryption: sseB2() });
  await upload('hidden.txt', 'hidden');
  await scene.api.api.hideFile({ bucketId, fileName: 'hidden.txt' });
  for (const name of ['2025/a.jpg', '2025/b.jpg', '2026/winter/snow.jpg', '2026/winter/ice.jpg'])
    await upload(name, name);
  await scene.api.api.startLargeFile({ bucketId, fileName: '2026/movie.mp4', contentType: 'video/mp4' });
});

describe('browsing', () => {
  it('goes through folders, each with its address, back and forward', async () => {
    const page = await scene.signedIn({ path: files() });
    await row(page, '2026/').click();
    await row(page, 'winter/').click();
    await row(page, 'snow.jpg').waitFor();
    expect(new URL(page.url()).search).toBe('?prefix=2026%2Fwinter%2F');
    await page.goBack();
    await row(page, 'winter/').waitFor();
    await page.goForward();
    await row(page, 'ice.jpg').waitFor();
    await page.getByRole('navigation', { name: 'Folders' }).getByRole('link', { name: '2026' }).click();
    await row(page, 'winter/').waitFor();
    expect(new URL(page.url()).search).toBe('?prefix=2026%2F');
  });

  it('lists names of all folders, versions with hide markers, and what begins with a text', async () => {
    const page = await scene.signedIn({ path: files() });
    await row(page, 'readme.txt').waitFor();
    expect(await row(page, 'hidden.txt').count()).toBe(0);
    await page.getByRole('link', { name: 'All names' }).click();
    await row(page, '2026/winter/snow.jpg').waitFor();
    await page.getByRole('link', { name: 'Versions' }).click();
    await row(page, 'hidden.txt, hide marker').waitFor();
    await page.getByRole('row', { name: 'readme.txt' }).getByText('Older version').waitFor();
    await page.getByRole('link', { name: 'Folders', exact: true }).click();
    await page.getByRole('searchbox').fill('2026/win');
    await page.keyboard.press('Enter');
    await row(page, '2026/winter/ice.jpg').waitFor();
    expect(new URL(page.url()).searchParams.get('search')).toBe('2026/win');
    expect(await page.getByRole('row').count()).toBe(2);
    await page.getByRole('searchbox').fill('nothing like that');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing begins with that').waitFor();
  });

  it('shows the details of a file and of its versions, each with an address', async () => {
    const page = await scene.signedIn({ path: files() });
    await row(page, 'readme.txt').click();
    const details = page.getByRole('complementary', { name: 'Details of the file' });
    await details.getByText('18 bytes').waitFor();
    await details.getByText('author').waitFor();
    await details.getByText('14 Nov 2023').waitFor();
    expect(new URL(page.url()).search).toBe('?file=readme.txt');
    await details.getByRole('link').last().click();
    await details.getByText('5 bytes').waitFor();
    expect(new URL(page.url()).searchParams.get('version')).toMatch(/^4_z/);
    await page.goBack();
    await details.getByText('18 bytes').waitFor();
    await page.keyboard.press('Escape');
    await row(page, 'secret.txt').click();
    await details.getByText('SSE-B2, AES256').waitFor();
    await details.getByRole('button', { name: 'Close the details' }).click();
    await details.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  it('cancels unfinished large files', async () => {
    const page = await scene.signedIn({ path: files('?show=unfinished') });
    await row(page, '2026/movie.mp4').getByText('0 parts').waitFor();
    await screenshot(page, 'files-unfinished');
    await select(page, '2026/movie.mp4');
    await page.getByRole('button', { name: 'Cancel them' }).click();
    await page.getByRole('button', { name: 'Delete 1 unfinished file' }).click();
    await page.getByText('There are no unfinished large files here').waitFor();
    expect((await scene.api.api.listUnfinishedLargeFiles({ bucketId })).files).toEqual([]);
  });

  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', phone],
  ] as const)('is accessible and fits: %s', async (name, view) => {
    const page = await scene.signedIn({ ...view, path: files() });
    await row(page, 'readme.txt').waitFor();
    await expectGood(page, `files-${name}`);
    await row(page, 'readme.txt').click();
    await page.getByText('18 bytes').waitFor();
    await expectGood(page, `files-details-${name}`);
    await page.getByRole('button', { name: /^Close/ }).click();
    await page.getByRole('link', { name: 'Versions' }).click();
    await row(page, 'hidden.txt, hide marker').waitFor();
    await expectGood(page, `files-versions-${name}`);
    await page.getByRole('link', { name: 'All names' }).click();
    await page.getByRole('searchbox').fill('2027');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing begins with that').waitFor();
    await expectGood(page, `files-empty-${name}`);
  });
});
