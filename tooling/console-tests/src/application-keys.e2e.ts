import { capabilityNames, type Capability } from '@coffer/b2-schema';
import { createClient } from '@coffer/client';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { phone, useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

const scene = useScene(['--s3-region', 'eu-central-7']);
const hostilePrefix = `<img src=x onerror=alert(1)>\u202e${'n'.repeat(900)}/`;
let count = 0;

async function createKey(capabilities: readonly Capability[], fields: object = {}) {
  const keyName = `some-key-${String(++count)}`;
  const made = await scene.api.api.createKey({ keyName, capabilities: [...capabilities], ...fields });
  return { ...made, keyId: made.applicationKeyId, key: made.applicationKey.expose((text) => text) };
}

async function keyNamed(keyName: string) {
  for await (const key of scene.api.list.keys()) if (key.keyName === keyName) return key;
  return undefined;
}

async function open(options: object = {}): Promise<Page> {
  const page = await scene.signedIn({ path: '/application-keys', ...options });
  await page.getByRole('heading', { name: 'Application keys', level: 1 }).waitFor();
  return page;
}

/** What the dialog with the new key shows. */
async function shown(page: Page, label: string): Promise<string> {
  return (await page.getByLabel(label, { exact: true }).textContent()) ?? '';
}

describe('a new key', () => {
  it('is made, shown once, works, and can then only be deleted', async () => {
    const bucket = await scene.api.api.createBucket({ bucketName: 'for-the-key', bucketType: 'allPrivate' });
    await scene.api.api.createBucket({ bucketName: 'not-for-the-key', bucketType: 'allPrivate' });
    const page = await open();
    await page.getByText('There are no application keys').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'keys-empty');
    await page.getByRole('button', { name: 'Create a key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await dialog.getByText('1 to 100 letters, digits or hyphens.', { exact: true }).waitFor();
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('backup');
    await dialog.getByText('Some buckets').click();
    await dialog.getByText('for-the-key', { exact: true }).click();
    await dialog.getByText('Read only').click();
    await dialog.getByText('Choose one by one').click();
    await dialog.getByText('writeFiles', { exact: true }).click();
    expect(await dialog.getByRole('checkbox', { name: 'writeKeys' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Prefix of the file names').fill("it's/");
    await dialog.getByRole('button', { name: /Expires/ }).click();
    await page.getByRole('option', { name: 'After days' }).click();
    await dialog.getByLabel('Days', { exact: true }).fill('1001');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await dialog.getByText('A whole number from 1 to 1,000.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByLabel('Days', { exact: true }).fill('30');
    await screenshot(page, 'keys-create-chosen');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();

    await page.getByText('It is shown only now').waitFor();
    await page.keyboard.press('Escape');
    const [keyId, key] = [await shown(page, 'key id'), await shown(page, 'application key')];
    expect(await shown(page, 'lines')).toContain(`export B2_APPLICATION_KEY=${key}`);
    expect(await shown(page, 'lines')).toContain(`b2 ls 'b2://for-the-key/it'\\''s/'`);
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'keys-new');
    await page.getByRole('button', { name: /Lines to paste/ }).click();
    await page.getByRole('option', { name: 'boto3 (Python)' }).click();
    expect(await shown(page, 'lines')).toContain('import boto3');
    await page.getByRole('button', { name: 'I have kept the key' }).click();
    await page.getByRole('row', { name: 'backup' }).waitFor();
    expect(await page.content()).not.toContain(key);

    const stored = await keyNamed('backup');
    expect(stored).toMatchObject({ applicationKeyId: keyId, namePrefix: "it's/", bucketIds: [bucket.bucketId] });
    expect(stored?.capabilities).toContain('writeFiles');
    expect(stored?.capabilities).not.toContain('deleteFiles');
    const left = (stored?.expirationTimestamp ?? 0) - Date.now();
    expect(left / 86_400_000).toBeCloseTo(30, 1);
    const client = createClient({ keyId, key, url: scene.server.apiUrl });
    const { bucketId } = bucket;
    await client.upload({ bucketId, fileName: "it's/fine", data: new Uint8Array(1) });
    await expect(client.upload({ bucketId, fileName: 'not fine', data: new Uint8Array(1) })).rejects.toThrow();
    client.close();

    await page.getByRole('button', { name: 'Actions for backup' }).click();
    await page.getByRole('menuitem', { name: 'Delete …' }).click();
    expect(await page.getByText('You are signed in with this key').count()).toBe(0);
    await screenshot(page, 'keys-delete');
    await page.getByRole('button', { name: 'Delete 1 key' }).click();
    await page.getByText('The key backup was deleted').waitFor();
    expect(await keyNamed('backup')).toBeUndefined();
  });

  it('of everything is made with the keyboard alone', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Create a key' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('everything');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.getByText(`${String(capabilityNames.length)} capabilities`, { exact: false }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('It is shown only now').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: 'everything' }).waitFor();
    expect((await keyNamed('everything'))?.capabilities.toSorted()).toEqual(capabilityNames.toSorted());
  });

  it('is shown even if one tries to close the dialog while it is made', async () => {
    const page = await open();
    let goOn = (): void => undefined;
    const isTried = new Promise<void>((resolve) => (goOn = resolve));
    await page.route('**/b2_create_key', async (route) => {
      await isTried;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Create a key' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create an application key' });
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('not-closed');
    const asked = page.waitForRequest('**/b2_create_key');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await asked;
    await expect.poll(() => dialog.getByRole('button', { name: 'Close' }).count()).toBe(0);
    expect(await dialog.getByRole('button', { name: 'Cancel' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    expect(await dialog.count()).toBe(1);
    goOn();
    await page.getByText('It is shown only now').waitFor();
    await page.getByRole('button', { name: 'I have kept the key' }).click();
    await page.getByRole('row', { name: 'not-closed' }).waitFor();
  });

  it('that the server does not allow is refused in words', async () => {
    const page = await open();
    await page.route('**/b2_create_key', (route) =>
      route.fulfill({ status: 401, json: { status: 401, code: 'unauthorized', message: 'unauthorized' } }),
    );
    await page.getByRole('button', { name: 'Create a key' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('too-strong');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('The server does not let this key make such a key').waitFor();
  });
});

it('the lines for clients of S3 have the region of the server', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Create a key' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('for-s3');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('It is shown only now').waitFor();
  await page.getByRole('button', { name: /Lines to paste/ }).click();
  await page.getByRole('option', { name: 'AWS CLI' }).click();
  const lines = await shown(page, 'lines');
  expect(lines).toContain(`AWS_DEFAULT_REGION=eu-central-7 AWS_ENDPOINT_URL=${scene.server.apiUrl}`);
  await screenshot(page, 'keys-new-s3');
});

describe('the list of keys', () => {
  it('tells what each key may do, and marks the own one', async () => {
    const own = await createKey(['listKeys', 'deleteKeys', 'listBuckets']);
    await createKey(['readFiles'], { namePrefix: hostilePrefix });
    const page = await open(own);
    const row = page.getByRole('row', { name: own.keyName });
    await row.getByText('In use here').waitFor();
    expect(await page.getByText('In use here').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Create a key' }).count()).toBe(0);
    await row.getByRole('button', { name: /^3 capabilities/ }).click();
    await page.getByRole('dialog').getByText('See which application keys there are.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'keys-details');
    await page.getByRole('button', { name: 'Close' }).last().click();

    await page.getByRole('button', { name: `Actions for ${own.keyName}` }).click();
    await page.getByRole('menuitem', { name: 'Delete …' }).click();
    await page.getByText('You are signed in with this key').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'keys-delete-own');
    await page.getByRole('button', { name: 'Delete 1 key' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await keyNamed(own.keyName)).toBeUndefined();
  });

  it('is not shown to a key that may not list keys', async () => {
    const page = await open(await createKey(['writeKeys', 'listBuckets']));
    await page.getByText('This key may not see application keys').waitFor();
    await page.getByRole('button', { name: 'Create a key' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', phone],
  ] as const)('is accessible and fits: %s', async (name, view) => {
    const keyName = `a-${'k'.repeat(98)}`;
    if ((await keyNamed(keyName)) === undefined) {
      const fields = { namePrefix: hostilePrefix, validDurationInSeconds: 3600 };
      await scene.api.api.createKey({ keyName, capabilities: ['readFiles'], ...fields });
    }
    const page = await open(view);
    await page.getByRole('row', { name: keyName }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(page, `keys-${name}`);
    await page.getByRole('button', { name: 'Create a key' }).click();
    await page.getByText('Choose one by one').click();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(page, `keys-create-${name}`);
    await page.getByText('readBucketLogging', { exact: true }).scrollIntoViewIfNeeded();
    await screenshot(page, `keys-capabilities-${name}`);
    await page.getByText('Read only').click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('shown');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('It is shown only now').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(page, `keys-new-${name}`);
  });
});
