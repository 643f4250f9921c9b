import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { phone, useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

const scene = useScene();

const longName = `bucket-${'a'.repeat(56)}`;
let count = 0;

async function createBucket(options: { readonly fileLockEnabled?: boolean } = {}) {
  const bucketName = `console-${String(++count)}-${Math.random().toString(36).slice(2, 8)}`;
  return scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate', ...options });
}

async function bucketNamed(bucketName: string) {
  return (await scene.api.api.listBuckets({ bucketName })).buckets[0];
}

async function fits(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth');
}

async function keyWith(capabilities: readonly string[], bucketIds?: readonly string[]) {
  const made = await scene.api.api.createKey({
    keyName: `limited-${String(++count)}`,
    capabilities: capabilities as never,
    ...(bucketIds && { bucketIds: bucketIds as never }),
  });
  return { keyId: made.applicationKeyId, key: made.applicationKey.expose((text) => text) };
}

async function openActions(page: Page, bucketName: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${bucketName}` }).click();
}

describe('the list of buckets', () => {
  it('is empty at first, and the first bucket is made with the keyboard alone', async () => {
    const page = await scene.signedIn();
    await page.getByText('There are no buckets').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'buckets-empty');
    await page.getByRole('button', { name: 'Create a bucket' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('b2-no');
    await page.keyboard.press('Enter');
    await page.getByText('Bucket names must be 6 to 63 letters, digits, hyphens or dots').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('by-keyboard');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByText('The bucket by-keyboard was created').waitFor();
    await expect
      .poll(() => bucketNamed('by-keyboard'))
      .toMatchObject({
        bucketType: 'allPublic',
        defaultServerSideEncryption: { value: { mode: 'SSE-B2', algorithm: 'AES256' } },
        fileLockConfiguration: { value: { isFileLockEnabled: true } },
      });
    await page.getByRole('link', { name: 'by-keyboard' }).waitFor();
  });

  it('tells what each bucket has, and filters by name', async () => {
    const { bucketId, bucketName } = await createBucket({ fileLockEnabled: true });
    await scene.api.api.updateBucket({
      bucketId,
      defaultServerSideEncryption: 'SSE-B2',
      defaultRetention: { mode: 'governance', period: { duration: 30, unit: 'days' } },
      lifecycleRules: [{ fileNamePrefix: 'logs/', daysFromHidingToDeleting: 1 }],
    });
    await scene.api.api.setBucketNotificationRules({ bucketId, eventNotificationRules: [notificationRule()] });
    const page = await scene.signedIn();
    const row = page.getByRole('row', { name: bucketName });
    await row.getByText('SSE-B2').filter({ visible: true }).waitFor();
    await row.getByText('governance, 30 days').waitFor();
    await row.getByText('1 lifecycle, 1 notification').waitFor();
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill(bucketName.toUpperCase());
    await page.getByText(/^1 of \d+ buckets$/).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    await page.getByRole('searchbox', { name: 'Filter by name' }).fill('<b>nothing</b>');
    await page.getByText('No bucket has such a name').waitFor();
  });

  it('says in words that a name is taken', async () => {
    const { bucketName } = await createBucket();
    const page = await scene.signedIn();
    await page.getByRole('button', { name: 'Create a bucket' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill(bucketName);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('There is a bucket of this name already.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'buckets-create');
  });

  it('deletes an empty bucket, and leads to the files of one that is not', async () => {
    const [empty, full] = [await createBucket(), await createBucket()];
    await scene.api.upload({ bucketId: full.bucketId, fileName: 'a', data: new Uint8Array(3) });
    const page = await scene.signedIn();
    await openActions(page, empty.bucketName);
    await page.getByRole('menuitem', { name: 'Delete …' }).click();
    await page.getByRole('button', { name: 'Delete 1 bucket' }).click();
    await page.getByText(`The bucket ${empty.bucketName} was deleted`).waitFor();
    await expect.poll(() => page.getByRole('link', { name: empty.bucketName }).count()).toBe(0);
    expect(await bucketNamed(empty.bucketName)).toBeUndefined();

    await openActions(page, full.bucketName);
    await page.getByRole('menuitem', { name: 'Delete …' }).click();
    await page.getByRole('button', { name: 'Delete 1 bucket' }).click();
    await page.getByText('The bucket is not empty').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'buckets-delete');
    await page.getByRole('link', { name: 'all versions of its files' }).click();
    await expect.poll(() => page.url()).toContain(`/buckets/${full.bucketName}/files?show=versions`);
    expect(await bucketNamed(full.bucketName)).toBeDefined();
  });

  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', phone],
  ] as const)('is accessible and fits: %s', async (name, view) => {
    if ((await bucketNamed(longName)) === undefined) {
      await scene.api.api.createBucket({ bucketName: longName, bucketType: 'allPublic' });
    }
    const page = await scene.signedIn(view);
    await page.getByRole('link', { name: longName }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await fits(page)).toBe(true);
    await screenshot(page, `buckets-${name}`);
    await page.getByRole('button', { name: 'Create a bucket' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await fits(page)).toBe(true);
    await screenshot(page, `buckets-create-${name}`);
  });
});

describe('a restricted key', () => {
  it('sees its buckets only, and is offered nothing that it may not do', async () => {
    const { bucketId, bucketName } = await createBucket();
    const other = await createBucket();
    const key = await keyWith(['listBuckets', 'listFiles'], [bucketId]);
    const page = await scene.signedIn(key);
    await page.getByRole('link', { name: bucketName }).waitFor();
    expect(await page.getByRole('link', { name: other.bucketName }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Create a bucket' }).count()).toBe(0);
    expect(
      await page.getByRole('row', { name: bucketName }).getByText('Not visible').filter({ visible: true }).count(),
    ).toBe(2);
    await openActions(page, bucketName);
    expect(await page.getByRole('menuitem').allInnerTexts()).toEqual(['Browse files', 'Settings']);
    await page.keyboard.press('Escape');
    await screenshot(page, 'buckets-restricted');
  });

  it('without listBuckets is told so', async () => {
    const page = await scene.signedIn(await keyWith(['readFiles']));
    await page.getByText('This key may not see buckets').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('makes a bucket without the settings that it may not set', async () => {
    const page = await scene.signedIn(await keyWith(['listBuckets', 'writeBuckets']));
    await page.getByRole('button', { name: 'Create a bucket' }).click();
    expect(await page.getByRole('radiogroup').count()).toBe(1);
    expect(await page.getByText('Turn on Object Lock').count()).toBe(0);
    await page.getByRole('textbox', { name: 'Name' }).fill('without-settings');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('link', { name: 'without-settings' }).waitFor();
  });
});

it('tells of a server that does not answer, and tries again', async () => {
  const page = await scene.signedIn({ path: '/snapshots' });
  let isDown = true;
  await page.route('**/b2_list_buckets', (route) =>
    isDown
      ? route.fulfill({ status: 400, json: { status: 400, code: 'bad_request', message: '<b>broken</b>' } })
      : route.continue(),
  );
  await page.getByRole('link', { name: 'Buckets' }).click();
  const alert = page.getByRole('alert');
  await alert.getByText('The buckets could not be listed').waitFor();
  await alert.getByText('<b>broken</b>').waitFor();
  await screenshot(page, 'buckets-error');
  isDown = false;
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: 'by-keyboard' }).waitFor();
});

function notificationRule() {
  return {
    name: 'some-rule',
    eventTypes: ['b2:ObjectCreated:*'],
    isEnabled: true,
    objectNamePrefix: '',
    targetConfiguration: { targetType: 'webhook' as const, url: 'https://hooks.example.com/coffer' },
  };
}
