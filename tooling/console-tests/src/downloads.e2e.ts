import { SecretBytes } from '@coffer/bytes';
import { sseB2, sseC, type FileEncryption } from '@coffer/client';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityProblems } from './harness/accessibility.ts';
import { sha1 } from './harness/files-of-tests.ts';
import { phone, useScene, type View } from './harness/scene.ts';
import { screenshot } from './harness/screenshots.ts';

const scene = useScene();

let buckets = 0;

/** A bucket with one file, and the page with its details. */
async function detailsOf(
  fileName: string,
  data: Uint8Array,
  options: View & { readonly encryption?: FileEncryption; readonly init?: string } = {},
) {
  const { encryption, init, ...view } = options;
  const bucketName = `downloads-${String(++buckets)}-bucket`;
  const { bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' });
  const { fileId } = await scene.api.upload({ bucketId, fileName, data, encryption });
  const page = await scene.page(view, `/buckets/${bucketName}/files?file=${encodeURIComponent(fileName)}`);
  if (init !== undefined) {
    await page.addInitScript(init);
    await page.reload();
  }
  await page.getByLabel('Application key id').fill(scene.server.keyId);
  await page.getByLabel('Application key', { exact: true }).fill(scene.server.key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: /^Download/ }).waitFor();
  return { page, bucketName, bucketId, fileId };
}

const press = (page: Page) =>
  page
    .getByRole('button', { name: /^Download/ })
    .first()
    .click();
const isContent = (url: URL): boolean => url.pathname.includes('b2_download_file_by_id');

/** As in a browser without File System Access. */
const withoutPicker = 'delete window.showSaveFilePicker;';
/** The dialog of File System Access has nobody who answers it here: the file is in the private file system instead. */
const withPrivatePicker = `
  window.showSaveFilePicker = async ({ suggestedName }) => {
    window.suggested = suggestedName;
    const folder = await navigator.storage.getDirectory();
    return folder.getFileHandle('saved', { create: true });
  };
`;

describe('downloading', () => {
  it('saves a small file under a name that is safe', async () => {
    const content = randomBytes(70_000);
    const { page } = await detailsOf('in/a\u202efolder/in<vo>ice\u202efdp.exe', content);
    const downloading = page.waitForEvent('download');
    await press(page);
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('in_vo_ice(u202e)fdp.exe');
    expect(sha1(await readFile(await download.path()))).toBe(sha1(content));
    await page.getByText('Downloaded, SHA-1 verified').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'downloads-done');
  });

  it('streams a large file through the service worker, without holding it in memory', async () => {
    const content = randomBytes(200_000_000);
    const { page } = await detailsOf('large/ü file.bin', content, { init: withoutPicker });
    const before = await heapOf(page);
    let highest = 0;
    // What is held, not what waits to be collected.
    const timer = setInterval(() => void heapOf(page).then((size) => (highest = Math.max(highest, size))), 300);
    const downloading = page.waitForEvent('download');
    await press(page);
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('ü file.bin');
    const saved = await readFile(await download.path());
    clearInterval(timer);
    expect(sha1(saved)).toBe(sha1(content));
    await page.getByText('Downloaded, SHA-1 verified').waitFor();
    console.log(
      `200 MB: heap ${String(before)} before, ${String(highest)} at most, ${String(await heapOf(page))} after`,
    );
    expect(highest - before).toBeLessThan(60_000_000);
    // The page is where it was.
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(1);
  });

  it('hands two large files to the browser that begin at the same time', async () => {
    const content = randomBytes(40_000_000);
    const { page } = await detailsOf('twice.bin', content, { init: withoutPicker });
    let [asked, goOn] = [0, (): void => undefined];
    const areBothAsked = new Promise<void>((resolve) => (goOn = resolve));
    await page.context().route(isContent, async (route) => {
      if (++asked === 2) goOn();
      await areBothAsked;
      await route.continue();
    });
    const downloads: Download[] = [];
    page.on('download', (download) => downloads.push(download));
    await press(page);
    await press(page);
    await expect.poll(() => downloads.length).toBe(2);
    for (const download of downloads) expect(sha1(await readFile(await download.path()))).toBe(sha1(content));
    await page.getByText('2 files done').first().waitFor();
  });

  it('writes a large file where somebody chose, if the browser can', async () => {
    const content = randomBytes(40_000_000);
    const { page } = await detailsOf('folder/chosen.bin', content, { init: withPrivatePicker });
    await press(page);
    await page.getByText('Downloaded, SHA-1 verified').waitFor();
    expect(await page.evaluate('window.suggested')).toBe('chosen.bin');
    const digest = await page.evaluate<string>(`(async () => {
      const file = await (await (await navigator.storage.getDirectory()).getFileHandle('saved')).getFile();
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-1', await file.arrayBuffer()));
      return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    })()`);
    expect(digest).toBe(sha1(content));
  });

  it.each([
    ['a small file', 50_000, withoutPicker],
    ['a large file, by the service worker', 40_000_000, withoutPicker],
    ['a large file, where it was chosen', 40_000_000, withPrivatePicker],
  ] as const)('keeps nothing of what is not as it was stored: %s', async (_, size, init) => {
    const content = randomBytes(size);
    const { page, fileId } = await detailsOf('damaged.bin', content, { init });
    const whole = await fetchContent(fileId);
    const damaged = Buffer.from(content);
    damaged[100] = (damaged[100] ?? 0) ^ 1;
    await page.context().route(isContent, (route) => route.fulfill({ status: 200, headers: whole, body: damaged }));
    const finished: (string | null)[] = [];
    page.on('download', (download) => void download.failure().then((failure) => finished.push(failure)));
    await press(page);
    await page.getByText('the checksums differ. Nothing was saved.').waitFor();
    await screenshot(page, 'downloads-damaged');
    if (size > 32_000_000 && init === withoutPicker) {
      await expect.poll(() => finished.length).toBe(1);
      expect(finished[0]).not.toBeNull();
    } else {
      expect(finished).toEqual([]);
    }
    if (init === withPrivatePicker) {
      const names = `(async () => {
        const names = [];
        for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
        return names;
      })()`;
      expect(await page.evaluate(names)).toEqual([]);
    }
  });

  /** The headers of the whole file, as the server sends them. */
  async function fetchContent(fileId: string): Promise<Record<string, string>> {
    const { authorizationToken } = await authorize();
    const response = await fetch(`${scene.server.apiUrl}/b2api/v4/b2_download_file_by_id?fileId=${fileId}`, {
      headers: { Authorization: authorizationToken },
    });
    await response.body?.cancel();
    return Object.fromEntries(response.headers);
  }

  async function authorize(): Promise<{ authorizationToken: string }> {
    const { keyId, key, apiUrl } = scene.server;
    const basic = `Basic ${Buffer.from(`${keyId}:${key}`).toString('base64')}`;
    const answer = await fetch(`${apiUrl}/b2api/v4/b2_authorize_account`, { headers: { Authorization: basic } });
    return (await answer.json()) as { authorizationToken: string };
  }

  it('is cancelled, and tried again after an error', async () => {
    const content = randomBytes(60_000);
    const { page } = await detailsOf('again.bin', content);
    let isHeld = true;
    await page.context().route(isContent, async (route) => {
      if (isHeld) return;
      await route.continue();
    });
    await press(page);
    await page.getByRole('button', { name: 'Cancel again.bin' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Cancel again.bin' }).count()).toBe(0);
    isHeld = false;
    let refusals = 1;
    await page.context().route(isContent, async (route) => {
      const json = { status: 404, code: 'not_found', message: 'It is <i>gone</i>' };
      if (refusals-- > 0) await route.fulfill({ status: 404, json });
      else await route.fallback();
    });
    await press(page);
    await page.getByText('It is <i>gone</i>').waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Try again.bin again' }).click();
    expect(sha1(await readFile(await (await downloading).path()))).toBe(sha1(content));
  });

  it.each([
    ['light', {}, 'SSE-B2'],
    ['dark', { colorScheme: 'dark' }, 'SSE-C'],
    ['phone', phone, 'SSE-C'],
  ] as const)('says how to get what is encrypted with the tool: %s', async (name, view, mode) => {
    const encryption = mode === 'SSE-B2' ? sseB2() : sseC(SecretBytes.random(32), { id: 'key <b>2026</b>' });
    const { page, fileId } = await detailsOf("a dir/it's secret.txt", randomBytes(100), { ...view, encryption });
    await press(page);
    const dialog = page.getByRole('dialog', { name: 'Download with a client' });
    await dialog.getByText('The console does not hand out what is encrypted').waitFor();
    const lines = await dialog.getByLabel('Lines for the b2 tool', { exact: true }).textContent();
    expect(lines).toContain(`b2id://${fileId}`);
    expect(lines?.includes('--source-server-side-encryption SSE-C')).toBe(mode === 'SSE-C');
    if (mode === 'SSE-C') await dialog.getByText('key <b>2026</b>').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(page, `downloads-tool-${name}`);
  });

  it('answers an address of the service worker that nobody handed over with nothing', async () => {
    const { page } = await detailsOf('x.bin', randomBytes(33_600_000), { init: withoutPicker });
    const downloading = page.waitForEvent('download');
    await press(page);
    await (await downloading).path();
    const opened = await page.evaluate<number>(
      `new Promise((resolve) => { location.assign('/downloads/nothing'); setTimeout(() => resolve(1), 1000); })`,
    );
    expect(opened).toBe(1);
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(1);
    expect(await page.evaluate('caches.keys()')).toEqual([]);
  });
});

async function heapOf(page: Page): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = (await cdp.send('Runtime.getHeapUsage')) as {
    readonly usedSize: number;
    readonly backingStorageSize?: number;
  };
  await cdp.detach();
  return usedSize + backingStorageSize;
}
