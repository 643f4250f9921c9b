import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectGood, filesPath, rowOf, select } from './harness/files-page.ts';
import { useScene } from './harness/scene.ts';

const scene = useScene();
const bucketName = 'linked-bucket';

beforeAll(async () => {
  const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
  const name = 'a folder & more/caf\u00e9?.txt';
  for (const fileName of [name, name, 'top.txt']) {
    await scene.api.upload({ bucketId, fileName, data: new TextEncoder().encode('some text') });
  }
});

const linkOf = (row: Locator): Locator => row.getByRole('link');
const placeOf = async (link: Locator): Promise<string> => (await link.getAttribute('href')) ?? '';
const shownIn = (page: Page): string => page.url().slice(scene.server.consoleUrl.length);

/** The address of the tab that opens by an action. */
async function openedBy(page: Page, action: () => Promise<void>): Promise<string> {
  const opened = page.context().waitForEvent('page');
  await action();
  const other = await opened;
  await other.getByRole('button', { name: 'Sign in' }).waitFor();
  const place = shownIn(other);
  await other.close();
  return place;
}

describe('a row of the list of files', () => {
  it('is a link to its folder or file, which another tab opens', async () => {
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    const folder = linkOf(rowOf(page, 'a folder & more/'));
    const toFolder = filesPath(bucketName, { prefix: 'a folder & more/' });
    expect(await placeOf(folder)).toBe(toFolder);
    expect(await openedBy(page, () => folder.click({ button: 'middle' }))).toBe(toFolder);
    expect(await openedBy(page, () => folder.click({ modifiers: ['Control'] }))).toBe(toFolder);
    expect(shownIn(page)).toBe(filesPath(bucketName));
    await folder.click();
    const file = linkOf(rowOf(page, 'caf\u00e9?.txt'));
    await file.waitFor();
    expect(shownIn(page)).toBe(toFolder);

    const toFile = filesPath(bucketName, { prefix: 'a folder & more/', file: 'a folder & more/caf\u00e9?.txt' });
    expect(await placeOf(file)).toBe(toFile);
    expect(await openedBy(page, () => file.click({ button: 'middle' }))).toBe(toFile);
    await expectGood(page, 'files-links');
    await file.click();
    await page.getByRole('complementary', { name: 'Details of the file' }).getByText('9 bytes').waitFor();
    expect(shownIn(page)).toBe(toFile);
    // One step back for each: the row and its link do not both go there.
    await page.goBack();
    expect(shownIn(page)).toBe(toFolder);
    await page.goBack();
    expect(shownIn(page)).toBe(filesPath(bucketName));
  });

  it('is reached with the arrow keys, and Enter opens it once', async () => {
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await rowOf(page, 'a folder & more/').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const link = linkOf(rowOf(page, 'a folder & more/'));
    expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe(await placeOf(link));
    const place = await openedBy(page, () => page.keyboard.press('Control+Enter'));
    expect(place).toBe(filesPath(bucketName, { prefix: 'a folder & more/' }));
    expect(shownIn(page)).toBe(filesPath(bucketName));
    await link.focus();
    await page.keyboard.press('Enter');
    await rowOf(page, 'caf\u00e9?.txt').waitFor();
    await page.goBack();
    await rowOf(page, 'top.txt').waitFor();
    expect(shownIn(page)).toBe(filesPath(bucketName));
  });

  it('leads to its own version in the list of versions', async () => {
    const path = filesPath(bucketName, { show: 'versions', prefix: 'a folder & more/' });
    const page = await scene.signedIn({ path });
    const links = page.locator('.file-row').getByRole('link');
    await expect.poll(() => links.count()).toBe(2);
    const versions = await Promise.all(
      [0, 1].map(async (at) => new URL(await placeOf(links.nth(at)), 'http://console').searchParams.get('version')),
    );
    expect(versions[0]).toMatch(/^4_z/);
    expect(new Set(versions).size).toBe(2);
  });

  it('is selected by its name, with any key, while rows are being selected', async () => {
    const page = await scene.signedIn({ path: filesPath(bucketName) });
    await select(page, 'a folder & more/');
    await linkOf(rowOf(page, 'top.txt')).click({ modifiers: ['Shift'] });
    await page.getByText('1 file and 1 folder selected').waitFor();
    await linkOf(rowOf(page, 'top.txt')).click();
    await page.getByText('1 folder selected').waitFor();
    expect(shownIn(page)).toBe(filesPath(bucketName));
    expect(page.context().pages().length).toBe(1);
  });
});

it('a row and the menu of a bucket lead to its files and its settings', async () => {
  const page = await scene.signedIn({ path: '/buckets' });
  const link = linkOf(page.getByRole('row', { name: bucketName }));
  expect(await placeOf(link)).toBe(filesPath(bucketName));
  expect(await openedBy(page, () => link.click({ button: 'middle' }))).toBe(filesPath(bucketName));
  await page.getByRole('button', { name: `Actions for ${bucketName}` }).click();
  expect(await placeOf(page.getByRole('menuitem', { name: 'Browse files' }))).toBe(filesPath(bucketName));
  const settings = page.getByRole('menuitem', { name: 'Settings' });
  expect(await openedBy(page, () => settings.click({ button: 'middle' }))).toBe(`/buckets/${bucketName}/settings`);
  await expectGood(page, 'buckets-menu');
  await settings.click();
  await page.getByRole('region', { name: 'Default encryption' }).waitFor();
  expect(shownIn(page)).toBe(`/buckets/${bucketName}/settings`);
  // Without another load of the page, which would have signed out.
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
});
