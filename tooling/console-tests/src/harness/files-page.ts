import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { accessibilityProblems } from './accessibility.ts';
import { screenshot } from './screenshots.ts';

/** The address of the files of a bucket: `?prefix=a/` and the like, with every value encoded. */
export function filesPath(bucketName: string, place: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(place).toString();
  return `/buckets/${bucketName}/files${query === '' ? '' : `?${query}`}`;
}

/** The row of a file; `name` is its beginning. */
export function rowOf(page: Page, name: string): Locator {
  return page.locator('.file-row').filter({ has: page.getByText(name, { exact: true }) });
}

/** Selects a row by its checkbox. */
export async function select(page: Page, name: string): Promise<void> {
  await rowOf(page, name).locator('.file-check').click();
}

/** The page as it is now has no accessibility problem and does not scroll sideways; it is kept as `NAME.png`. */
export async function expectGood(page: Page, name: string): Promise<void> {
  await screenshot(page, name);
  // What was read out stays for some seconds, and names buttons that are gone by then.
  await page.locator('[data-live-announcer] [role=img]').first().waitFor({ state: 'detached' });
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}
