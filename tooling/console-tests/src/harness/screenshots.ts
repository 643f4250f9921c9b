import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const folder =
  process.env['COFFER_CONSOLE_SCREENSHOTS'] ?? fileURLToPath(new URL('../../screenshots', import.meta.url));

/** Keeps what the page looks like, as `NAME.png`. Where: `COFFER_CONSOLE_SCREENSHOTS`, else beside the tests. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}
