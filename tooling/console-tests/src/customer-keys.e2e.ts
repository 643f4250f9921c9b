import { SecretBytes } from '@coffer/bytes';
import { sseC } from '@coffer/client';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { chooseFiles, sha1, useTestFiles, waitForDone } from './harness/files-of-tests.ts';
import { phone, useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

const scene = useScene(['--minimum-part-size', '100000', '--recommended-part-size', '100000']);
const files = useTestFiles();

let buckets = 0;

async function newBucket() {
  const bucketName = `keys-${String(++buckets)}-bucket`;
  const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
  return { bucketId, bucketName, path: `/buckets/${bucketName}/files` };
}

const start = (page: Page) => page.getByRole('button', { name: /^Upload \d+ files?$/ }).click();

/** All that the server has on its disk and in its log. */
async function everythingKept(): Promise<Buffer> {
  const names = await readdir(scene.server.dataFolder, { recursive: true, withFileTypes: true });
  const contents = names.filter((name) => name.isFile()).map((name) => readFile(join(name.parentPath, name.name)));
  return Buffer.concat([...(await Promise.all(contents)), Buffer.from(scene.server.log())]);
}

async function pageState(page: Page): Promise<string> {
  return page.evaluate<string>(
    'JSON.stringify([document.documentElement.outerHTML, localStorage, sessionStorage, document.cookie, ' +
      'location.href, [...document.querySelectorAll("input, textarea")].map(({ value }) => value)])',
  );
}

describe('customer keys', () => {
  it('are made by the page, have to be kept before they are used, and encrypt small and large files', async () => {
    const { bucketName, path } = await newBucket();
    const marker = Buffer.from(`plain text to be found ${randomBytes(16).toString('hex')}`);
    const small = await files.write('small.bin', Buffer.concat([marker, randomBytes(50_000)]));
    const large = await files.write('large.bin', Buffer.concat([marker, randomBytes(450_000)]));
    const page = await scene.signedIn({ path });
    await chooseFiles(page, [small.path, large.path]);
    await page.getByText('SSE-C', { exact: true }).click();
    expect(await page.getByRole('button', { name: 'Upload 2 files' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Make a key' }).click();
    const dialog = page.getByRole('dialog', { name: 'A new customer key' });
    await dialog.getByLabel('Id of the key').fill('made by the page');
    expect(await dialog.getByRole('button', { name: 'Use this key' }).isDisabled()).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Save as a file' }).click();
    const saved = await downloading;
    expect(saved.suggestedFilename()).toBe('customer-key-made-by-the-page.json');
    const { id, key } = JSON.parse(await readFile(await saved.path(), 'utf8')) as { id: string; key: string };
    expect(id).toBe('made by the page');
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await dialog.waitFor({ state: 'detached' });
    const urls: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    await start(page);
    await waitForDone(page, 2);

    const encryption = sseC(SecretBytes.copyOf(Buffer.from(key, 'base64')), { id });
    for (const { fileName, content } of [
      { fileName: 'small.bin', content: small.content },
      { fileName: 'large.bin', content: large.content },
    ]) {
      const download = await scene.api.download({ bucketName, fileName, encryption });
      expect(download.file.fileInfo['sse_c_key_id']).toBe(id);
      expect(sha1(await download.bytes())).toBe(sha1(content));
    }
    const [kept, shown] = [await everythingKept(), `${await pageState(page)} ${urls.join(' ')}`];
    const bytes = Buffer.from(key, 'base64');
    expect(kept.includes(marker)).toBe(false);
    expect(kept.length).toBeGreaterThan(500_000);
    for (const form of [key, bytes.toString('hex'), bytes, key.slice(0, 43), encodeURIComponent(key)]) {
      expect(kept.includes(form)).toBe(false);
      if (typeof form === 'string') expect(shown).not.toContain(form);
    }
  });

  it('are brought: typed in hexadecimal, or as a file that names its id', async () => {
    const { bucketName, path } = await newBucket();
    const { path: local, content } = await files.random('brought.bin', 10_000);
    const page = await scene.signedIn({ path });
    const typed = randomBytes(32);
    await chooseFiles(page, [local]);
    await page.getByText('SSE-C', { exact: true }).click();
    await page.getByRole('button', { name: 'Bring a key' }).click();
    const dialog = page.getByRole('dialog', { name: 'Bring a customer key' });
    await dialog.getByLabel('Key', { exact: true }).fill('no key');
    await dialog.getByLabel('Id of the key').fill('typed');
    await dialog.getByRole('button', { name: 'Add the key' }).click();
    await dialog.getByText('A customer key is 32 bytes').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'customer-keys-bring');
    await dialog.getByLabel('Key', { exact: true }).fill(typed.toString('hex'));
    await dialog.getByRole('button', { name: 'Add the key' }).click();
    await dialog.waitFor({ state: 'detached' });
    await start(page);
    await waitForDone(page, 1);
    const encryption = sseC(SecretBytes.copyOf(typed), { id: 'typed' });
    const download = await scene.api.download({ bucketName, fileName: 'brought.bin', encryption });
    expect(sha1(await download.bytes())).toBe(sha1(content));
    expect(download.file.fileInfo['sse_c_key_id']).toBe('typed');

    const fromFile = randomBytes(32);
    const keyFile = await files.write(
      'my.key.json',
      Buffer.from(JSON.stringify({ id: 'from a file', key: fromFile.toString('base64') })),
    );
    await page.getByRole('button', { name: 'Customer keys (1)' }).click();
    await page.getByRole('button', { name: 'Bring a key' }).click();
    const chooser = page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: 'Choose a key file' }).click();
    await (await chooser).setFiles(keyFile.path);
    await dialog.getByText('The key was read from').waitFor();
    expect(await dialog.getByLabel('Id of the key').inputValue()).toBe('from a file');
    await dialog.getByRole('button', { name: 'Add the key' }).click();
    await page.getByRole('list', { name: 'Keys' }).getByText('from a file').waitFor();
    expect(await pageState(page)).not.toContain(fromFile.toString('base64'));

    await page.getByRole('button', { name: 'Bring a key' }).click();
    const pasted = JSON.stringify({ id: 'pasted', key: randomBytes(32).toString('base64') });
    await dialog.getByLabel('Key', { exact: true }).fill(pasted);
    expect(await dialog.getByLabel('Id of the key').inputValue()).toBe('pasted');
    await dialog.getByRole('button', { name: 'Add the key' }).click();
    await page.getByRole('list', { name: 'Keys' }).getByText('pasted').waitFor();
  });

  it('are forgotten one by one, all at once, and at sign-out; uploads that need them end in words', async () => {
    const { bucketId, path } = await newBucket();
    const { path: local } = await files.random('forgotten.bin', 500_000);
    const page = await scene.signedIn({ path });
    await page.getByRole('button', { name: 'Customer keys' }).click();
    for (const id of ['one', 'two']) await bring(page, id);
    await page.getByRole('dialog', { name: 'Customer keys in this tab' }).getByText('Close', { exact: true }).click();
    let parts = 0;
    await page.context().route(
      (url) => url.pathname.includes('b2_upload_part'),
      async (route) => {
        if (++parts <= 2) await route.continue();
      },
    );
    await chooseFiles(page, [local]);
    await page.getByText('SSE-C', { exact: true }).click();
    await start(page);
    await expect.poll(() => parts).toBeGreaterThan(2);
    await page.getByRole('button', { name: 'Customer keys (2)' }).click();
    await page.getByRole('button', { name: 'Forget two' }).click();
    await page.getByText('This tab has forgotten the customer key “two”').waitFor();
    // What was begun with it cannot be continued, so nothing of it stays.
    await expect.poll(async () => (await scene.api.api.listUnfinishedLargeFiles({ bucketId })).files.length).toBe(0);
    await bring(page, 'three');
    await page.getByRole('button', { name: 'Forget all' }).click();
    await page.getByText('No keys').waitFor();
    await page.getByRole('dialog', { name: 'Customer keys in this tab' }).getByText('Close', { exact: true }).click();
    await page.getByRole('button', { name: 'Customer keys', exact: true }).waitFor();
  });

  async function bring(page: Page, id: string, key = randomBytes(32)): Promise<void> {
    await page.getByRole('button', { name: 'Bring a key' }).click();
    const dialog = page.getByRole('dialog', { name: 'Bring a customer key' });
    await dialog.getByLabel('Key', { exact: true }).fill(key.toString('base64'));
    await dialog.getByLabel('Id of the key').fill(id);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
  }

  it('survive a pause of a large upload, and nothing stays of one that is cancelled while it is paused', async () => {
    const { bucketId, bucketName, path } = await newBucket();
    const [kept, dropped] = [await files.random('kept.bin', 900_000), await files.random('dropped.bin', 900_000)];
    const page = await scene.signedIn({ path });
    let isSlow = true;
    await page.context().route(
      (url) => url.pathname.includes('b2_upload_part'),
      async (route) => {
        if (isSlow) await new Promise((resolve) => setTimeout(resolve, 800));
        await route.continue().catch(() => undefined);
      },
    );
    await chooseFiles(page, [kept.path, dropped.path]);
    await page.getByText('SSE-C', { exact: true }).click();
    const key = randomBytes(32);
    await bring(page, 'paused', key);
    await start(page);
    const unfinished = async () => (await scene.api.api.listUnfinishedLargeFiles({ bucketId })).files.length;
    await expect.poll(unfinished).toBe(2);
    await page.getByRole('button', { name: 'Pause all' }).click();
    await page.getByText('2 files paused').waitFor();
    isSlow = false;
    await page.getByRole('button', { name: 'Cancel dropped.bin' }).click();
    await expect.poll(unfinished).toBe(1);
    await page.getByRole('button', { name: 'Resume kept.bin' }).click();
    await waitForDone(page, 1);
    const encryption = sseC(SecretBytes.copyOf(key), { id: 'paused' });
    const download = await scene.api.download({ bucketName, fileName: 'kept.bin', encryption });
    expect(sha1(await download.bytes())).toBe(sha1(kept.content));
    expect(await unfinished()).toBe(0);
  });

  it('are not offered on a connection that others can read, and the page says why', async () => {
    const { path } = await newBucket();
    const { path: local } = await files.random('insecure.bin', 10);
    const page = await scene.page({}, path);
    await page.addInitScript("Object.defineProperty(globalThis, 'isSecureContext', { value: false });");
    await page.reload();
    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await chooseFiles(page, [local]);
    await page.getByText('No customer keys on this connection').waitFor();
    expect(await page.getByText('SSE-C', { exact: true }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Customer keys' }).click();
    await page.getByText('No customer keys on this connection').waitFor();
    expect(await page.getByRole('button', { name: /a key$/ }).count()).toBe(0);
  });

  it('says what the default of the bucket is, and encrypts with SSE-B2 if asked', async () => {
    const { bucketId, bucketName, path } = await newBucket();
    const { path: local, content } = await files.random('sse-b2.bin', 300_000);
    const page = await scene.signedIn({ path });
    await chooseFiles(page, [local]);
    await page.getByText('The bucket’s default: none').waitFor();
    await page.getByText('SSE-B2', { exact: true }).click();
    await start(page);
    await waitForDone(page, 1);
    const download = await scene.api.download({ bucketName, fileName: 'sse-b2.bin' });
    expect(download.file.serverSideEncryption.mode).toBe('SSE-B2');
    expect(sha1(await download.bytes())).toBe(sha1(content));

    await scene.api.defaultEncryption.set(bucketId, 'SSE-B2');
    const again = await scene.signedIn({ path });
    await chooseFiles(again, [local]);
    await again.getByText('The bucket’s default: SSE-B2').waitFor();
    await again.getByText('B2 has no way to ask for no encryption').waitFor();
  });

  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['phone', phone],
  ] as const)('are made and listed in dialogs that are accessible and fit: %s', async (name, view) => {
    const page = await scene.signedIn(view);
    await page.getByRole('button', { name: 'Customer keys' }).click();
    await page.getByText('No keys').waitFor();
    await screenshot(page, `customer-keys-none-${name}`);
    await bring(page, 'k'.repeat(100));
    await bring(page, 'Schlüssel \u202e 2026');
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, `customer-keys-list-${name}`);
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByRole('button', { name: 'Save as a file' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(page, `customer-keys-make-${name}`);
  });
});
