import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

/** A folder with files to be uploaded. */
export class TestFiles {
  #folder = '';

  get folder(): string {
    return this.#folder;
  }

  async open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'coffer-files-'));
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }

  /** Writes a file of random bytes, and returns its path and its content. */
  async random(name: string, size: number): Promise<{ readonly path: string; readonly content: Buffer }> {
    return this.write(name, randomBytes(size));
  }

  async write(name: string, content: Buffer): Promise<{ readonly path: string; readonly content: Buffer }> {
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return { path, content };
  }
}

/** A folder of files for the tests of a file. */
export function useTestFiles(): TestFiles {
  const files = new TestFiles();
  beforeAll(() => files.open());
  afterAll(() => files.close());
  return files;
}

export const sha1 = (content: Uint8Array): string => createHash('sha1').update(content).digest('hex');

/** Opens the dialog to upload, and chooses files, or one folder. */
export async function chooseFiles(page: Page, paths: readonly string[] | string): Promise<void> {
  await page.getByRole('button', { name: 'Upload', exact: true }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Upload files' });
  const chooser = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: typeof paths === 'string' ? 'Choose a folder' : 'Choose files' }).click();
  await (await chooser).setFiles(typeof paths === 'string' ? paths : [...paths]);
}

/** Chooses files, or one folder, and has them uploaded with the encryption that is chosen. */
export async function uploadFiles(page: Page, paths: readonly string[] | string): Promise<void> {
  await chooseFiles(page, paths);
  await page.getByRole('button', { name: /^Upload [\d,]+ files?$/ }).click();
}

/** Waits until the tray says so many files are done. */
export async function waitForDone(page: Page, count: number): Promise<void> {
  const text = `${count.toLocaleString('en-US')} ${count === 1 ? 'file' : 'files'} done`;
  await page.getByRole('region', { name: 'Transfers' }).getByText(text).first().waitFor({ timeout: 90_000 });
}
