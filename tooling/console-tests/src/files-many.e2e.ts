import type { BucketId } from '@coffer/b2-schema';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { uploadFiles, useTestFiles, waitForDone } from './harness/files-of-tests.ts';
import { filesPath } from './harness/files-page.ts';
import { useScene } from './harness/scene.ts';

/** How many files the folder has. `COFFER_CONSOLE_FILES=100000` for the number that the console is made for. */
const count = Number(process.env['COFFER_CONSOLE_FILES'] ?? 20_000);
/**
 * The longest time in which the page may not answer, in milliseconds. It is meant to be 200; what it is is printed,
 * but a machine that is busy with something else must not fail a test.
 */
const longest = 1_500;
/** Bytes of memory that a row may take. */
const bytesPerRow = 2_000;

const scene = useScene();
const files = useTestFiles();
const bucketName = 'many-files';
let bucketId: BucketId;

function nameOf(number: number): string {
  return `file-${String(number).padStart(6, '0')}.txt`;
}

beforeAll(async () => {
  ({ bucketId } = await scene.api.api.createBucket({ bucketName, bucketType: 'allPrivate' }));
  let next = 0;
  const data = new Uint8Array();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < count) await scene.api.upload({ bucketId, fileName: `all/${nameOf(next++)}`, data });
    }),
  );
}, 1_200_000);

/** Notes how long the page was busy at a time. */
async function watchLongTasks(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(`
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(Math.round(duration));
    }).observe({ type: 'longtask' });`);
  return () => page.evaluate<number[]>('longTasks.splice(0)');
}

async function usedMemory(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

const scrolled = 'document.querySelector(".virtual-list")';

/** Goes to the end of what is loaded until everything is. */
async function loadAll(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const list = ${scrolled};
    const timer = setInterval(() => {
      list.scrollTop = list.scrollHeight;
      if (list.querySelector('[aria-rowindex="${String(count)}"]')) resolve(clearInterval(timer));
    }, 20);
  })`);
}

describe(`a folder of ${String(count)} files`, () => {
  it('is loaded as one scrolls, and never keeps the page busy for long', async () => {
    const page = await scene.signedIn({ path: filesPath(bucketName, { prefix: 'all/' }) });
    page.setDefaultTimeout(600_000);
    await page.getByText(nameOf(0)).waitFor();
    const before = await usedMemory(page);
    const longTasks = await watchLongTasks(page);
    const begun = Date.now();
    await loadAll(page);
    const loading = await longTasks();
    console.log(`loaded in ${String(Date.now() - begun)} ms, long tasks ${loading.join(' ') || 'none'}`);
    expect(Math.max(0, ...loading)).toBeLessThan(longest);
    const perRow = ((await usedMemory(page)) - before) / count;
    console.log(`${String(Math.round(perRow))} bytes of memory per row`);
    expect(perRow).toBeLessThan(bytesPerRow);

    // Through all of it, by jumps and in small steps, as the wheel does.
    await page.evaluate(`new Promise((resolve) => {
        const list = ${scrolled};
        let step = 0;
        const frame = () => {
          list.scrollTop = step < 100 ? (list.scrollHeight * step) / 100 : list.scrollTop + 240;
          if (step === 100) list.scrollTop = 0;
          if (++step < 400) requestAnimationFrame(frame);
          else resolve();
        };
        frame();
      })`);
    const scrolling = await longTasks();
    console.log(`long tasks while scrolling: ${scrolling.join(' ') || 'none'}`);
    expect(Math.max(0, ...scrolling)).toBeLessThan(longest);
    expect(await page.getByRole('row').count()).toBeLessThan(60);

    // By keyboard, to both ends, page by page, with a selection from end to end.
    await page.locator('.file-row').first().focus();
    await page.keyboard.press('End');
    await page.getByText(nameOf(count - 1)).waitFor();
    await page.keyboard.press('Home');
    await page.getByText(nameOf(0)).waitFor();
    const first = await focusedRow(page);
    for (let presses = 0; presses < 5; presses++) await page.keyboard.press('PageDown');
    expect(await focusedRow(page)).toBeGreaterThan(first + 25);
    await page.keyboard.press('Control+Shift+End');
    await page.keyboard.press('Control+a');
    await page.getByText(`${count.toLocaleString('en-US')} files selected`).waitFor();
    const keys = await longTasks();
    console.log(`long tasks of the keyboard: ${keys.join(' ') || 'none'}`);
    expect(Math.max(0, ...keys)).toBeLessThan(longest);
  }, 900_000);

  it('is not read again whenever files change, and goes on being loaded', async () => {
    const page = await scene.signedIn({ path: filesPath(bucketName, { prefix: 'all/' }) });
    await page.getByText(nameOf(0)).waitFor();
    const toEnd = () => page.evaluate(`${scrolled}.scrollTop = ${scrolled}.scrollHeight`);
    await toEnd();
    await page.getByText('2,000 rows loaded').waitFor();
    let listings = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('b2_list_file_names')) listings++;
    });
    const { path } = await files.random('new.txt', 10);
    await uploadFiles(page, [path]);
    await waitForDone(page, 1);
    const outdated = page.getByText('files have changed since');
    await outdated.waitFor();
    expect(listings).toBe(0);
    await toEnd();
    await page.getByText('3,000 rows loaded').waitFor();
    await outdated.waitFor();
    expect(listings).toBe(1);
    await page.getByRole('button', { name: 'Load the list again' }).click();
    await outdated.waitFor({ state: 'detached' });
    await page.getByText('3,000 rows loaded').waitFor();
    await expect.poll(() => listings).toBe(4);
  });
});

function focusedRow(page: Page): Promise<number> {
  return page.evaluate<number>('Number(document.activeElement.getAttribute("aria-rowindex"))');
}
