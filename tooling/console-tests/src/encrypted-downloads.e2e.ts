import { SecretBytes } from '@coffer/bytes';
import { sseB2, sseC, type FileEncryption } from '@coffer/client';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { sha1, useTestFiles } from './harness/files-of-tests.ts';
import { useScene } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

// What the console offers where the operator allows it.
const scene = useScene(['--console-encrypted-downloads']);
const files = useTestFiles();

let buckets = 0;

/** A bucket with one file, and the page with its details, where encrypted files may be downloaded. */
async function detailsOf(data: Uint8Array, encryption: FileEncryption) {
  const bucketName = `encrypted-${String(++buckets)}-bucket`;
  const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
  await scene.api.upload({ bucketId, fileName: 'secret.bin', data, encryption });
  const page = await scene.signedIn({ path: `/buckets/${bucketName}/files?file=secret.bin` });
  await page.getByRole('button', { name: 'Download', exact: true }).waitFor();
  return page;
}

const press = (page: Page) => page.getByRole('button', { name: 'Download', exact: true }).first().click();

describe('downloading what is encrypted, where that is allowed', () => {
  it('hands out what is under a key of the server', async () => {
    const content = randomBytes(50_000);
    const page = await detailsOf(content, sseB2());
    const downloading = page.waitForEvent('download');
    await press(page);
    expect(sha1(await readFile(await (await downloading).path()))).toBe(sha1(content));
  });

  it('asks for the customer key, says which key is wrong, and keeps the right one for the tab', async () => {
    const content = randomBytes(50_000);
    const key = randomBytes(32);
    const page = await detailsOf(content, sseC(SecretBytes.copyOf(key), { id: 'key of 2026' }));
    const urls: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    await press(page);
    const dialog = page.getByRole('dialog', { name: 'The key of this file' });
    await dialog.getByText('key of 2026').first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'downloads-key');
    await dialog.getByLabel('Key', { exact: true }).fill(randomBytes(32).toString('base64'));
    await dialog.getByRole('button', { name: 'Download' }).click();
    await page.getByText('This is not the customer key of the file.').waitFor();
    await screenshot(page, 'downloads-wrong-key');
    // The tab does not know the wrong one.
    await page.getByRole('button', { name: 'Customer keys', exact: true }).waitFor();

    const keyFile = await files.write('file.key', key);
    await press(page);
    const chooser = page.waitForEvent('filechooser');
    await dialog.getByRole('button', { name: 'Choose a key file' }).click();
    await (await chooser).setFiles(keyFile.path);
    await dialog.getByText('The key was read from').waitFor();
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download' }).click();
    expect(sha1(await readFile(await (await downloading).path()))).toBe(sha1(content));

    // The tab knows it now.
    const again = page.waitForEvent('download');
    await press(page);
    expect(sha1(await readFile(await (await again).path()))).toBe(sha1(content));
    await page.getByRole('button', { name: 'Customer keys (1)' }).waitFor();
    for (const form of [key.toString('base64'), key.toString('hex'), encodeURIComponent(key.toString('base64'))]) {
      expect(urls.join(' ')).not.toContain(form);
      expect(scene.server.log()).not.toContain(form);
    }
  });

  it('does not replace a key that the tab has under the same id, unless it is asked to', async () => {
    const content = randomBytes(50_000);
    const key = randomBytes(32);
    const page = await detailsOf(content, sseC(SecretBytes.copyOf(key), { id: 'twice' }));
    await bring(page, 'twice', randomBytes(32));
    const dialog = page.getByRole('dialog', { name: 'The key of this file' });
    const isWrong = page.getByText('This is not the customer key of the file.');
    await press(page);
    await isWrong.waitFor();
    for (const isReplaced of [false, true]) {
      await press(page);
      await dialog.getByText('The key that it has under the same id is not the one of the file.').waitFor();
      await dialog.getByLabel('Key', { exact: true }).fill(key.toString('hex'));
      if (isReplaced) await dialog.getByText('If this is the right key').click();
      expect(await accessibilityProblems(page)).toEqual([]);
      await screenshot(page, 'downloads-key-of-same-id');
      const downloading = page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Download' }).click();
      expect(sha1(await readFile(await (await downloading).path()))).toBe(sha1(content));
    }
    const again = page.waitForEvent('download');
    await press(page);
    expect(sha1(await readFile(await (await again).path()))).toBe(sha1(content));
    await page.getByRole('button', { name: 'Customer keys (1)' }).waitFor();
  });

  it.each([
    ['empty', ''],
    ['long', 'k'.repeat(150)],
  ])('takes the key of a file whose info names one by an id that is %s', async (_, id) => {
    const content = randomBytes(5_000);
    const key = randomBytes(32);
    const page = await detailsOf(content, sseC(SecretBytes.copyOf(key), { id }));
    await press(page);
    const dialog = page.getByRole('dialog', { name: 'The key of this file' });
    await dialog.getByLabel('Key', { exact: true }).fill(JSON.stringify({ id: 'other', key: key.toString('base64') }));
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download' }).click();
    expect(sha1(await readFile(await (await downloading).path()))).toBe(sha1(content));
    await page.getByRole('button', { name: 'Customer keys', exact: true }).waitFor();
  });

  it('says that the server could not be asked what it hands out', async () => {
    const bucketName = `encrypted-${String(++buckets)}-bucket`;
    const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
    const content = randomBytes(5_000);
    await scene.api.upload({ bucketId, fileName: 'secret.bin', data: content, encryption: sseB2() });
    const page = await scene.page({}, `/buckets/${bucketName}/files?file=secret.bin`);
    let isRefused = true;
    await page.context().route('**/coffer_get_console', async (route) => {
      const json = { status: 403, code: 'access_denied', message: 'Not now' };
      if (isRefused) await route.fulfill({ status: 403, json });
      else await route.continue();
    });
    await page.getByLabel('Application key id').fill(scene.server.keyId);
    await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
    const asked = page.waitForResponse('**/coffer_get_console');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await asked;
    const button = page.getByRole('button', { name: /^Download/ }).first();
    await button.click();
    await page.getByText('The server could not be asked whether it hands out encrypted files').waitFor();
    isRefused = false;
    await button.click();
    await page.getByRole('button', { name: 'Download', exact: true }).waitFor();
    const downloading = page.waitForEvent('download');
    await press(page);
    expect(sha1(await readFile(await (await downloading).path()))).toBe(sha1(content));
  });

  it('does not call another refusal a wrong key', async () => {
    const key = randomBytes(32);
    const page = await detailsOf(randomBytes(1_000), sseC(SecretBytes.copyOf(key), { id: 'withheld' }));
    const message = 'This console does not hand out encrypted files';
    await page.context().route(
      (url) => url.pathname.includes('b2_download_file_by_id'),
      (route) => route.fulfill({ status: 403, json: { status: 403, code: 'access_denied', message } }),
    );
    await press(page);
    const dialog = page.getByRole('dialog', { name: 'The key of this file' });
    await dialog.getByLabel('Key', { exact: true }).fill(key.toString('base64'));
    await dialog.getByRole('button', { name: 'Download' }).click();
    await page.getByText(message, { exact: false }).first().waitFor();
    expect(await page.getByText('This is not the customer key of the file.').count()).toBe(0);
    await page.getByRole('button', { name: 'Customer keys', exact: true }).waitFor();
  });

  async function bring(page: Page, id: string, key: Buffer): Promise<void> {
    await page.getByRole('button', { name: 'Customer keys' }).click();
    await page.getByRole('button', { name: 'Bring a key' }).click();
    const dialog = page.getByRole('dialog', { name: 'Bring a customer key' });
    await dialog.getByLabel('Key', { exact: true }).fill(key.toString('base64'));
    await dialog.getByLabel('Id of the key').fill(id);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  it('streams a large file under a customer key that the tab knows', async () => {
    const content = randomBytes(40_000_000);
    const key = randomBytes(32);
    const page = await detailsOf(content, sseC(SecretBytes.copyOf(key), { id: 'large' }));
    await page.evaluate('delete window.showSaveFilePicker');
    await page.getByRole('button', { name: 'Customer keys' }).click();
    await page.getByRole('button', { name: 'Bring a key' }).click();
    const dialog = page.getByRole('dialog', { name: 'Bring a customer key' });
    await dialog.getByLabel('Key', { exact: true }).fill(key.toString('base64'));
    await dialog.getByLabel('Id of the key').fill('large');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    const downloading = page.waitForEvent('download');
    await press(page);
    expect(sha1(await readFile(await (await downloading).path()))).toBe(sha1(content));
  });
});
