import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError, type StoreMark } from '@coffer/storage-ports';
import { syncDirectory } from './durable-directory.ts';
import { attempt, isErrno } from './store-failure.ts';

/** The name of the mark's file in the blob folder; no blob has such a name. */
export const storeMarkName = 'store.json';

/**
 * Reads the small file in a folder of blobs that says which store they belong to; undefined if there is no such file.
 *
 * @throws StoreError `io` if it cannot be read, or says something else.
 */
export async function readStoreMark(blobFolder: string): Promise<StoreMark | undefined> {
  const text = await readText(join(blobFolder, storeMarkName));
  if (text === undefined) return undefined;
  const mark = parseMark(text);
  if (mark !== undefined) return mark;
  throw new StoreError('io', `The file ${join(blobFolder, storeMarkName)} is damaged: it does not name a store`);
}

/**
 * Makes that file, durably and all or nothing. Does nothing if it says the same already. The folder must exist, and
 * nobody else may write the mark at the same time.
 *
 * @throws StoreError `io` if the folder is another store's; `full`.
 */
export async function writeStoreMark(blobFolder: string, { storeId, formatVersion }: StoreMark): Promise<void> {
  const present = await readStoreMark(blobFolder);
  if (present?.storeId === storeId && present.formatVersion === formatVersion) return;
  if (present !== undefined) throw new StoreError('io', `The blob folder ${blobFolder} is that of another store`);
  await attempt('Marking the blob folder', replaceFile(blobFolder, `${JSON.stringify({ storeId, formatVersion })}\n`));
}

/** Replaces the file. What a crash leaves under the temporary name, the next attempt overwrites. */
async function replaceFile(folder: string, text: string): Promise<void> {
  const path = join(folder, storeMarkName);
  const file = await open(`${path}.tmp`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
  await syncDirectory(folder);
}

async function readText(path: string): Promise<string | undefined> {
  const reading = readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  });
  return attempt(`Reading ${path}`, reading);
}

function parseMark(text: string): StoreMark | undefined {
  try {
    const { storeId, formatVersion, ...more } = JSON.parse(text) as Record<string, unknown>;
    const isId = typeof storeId === 'string' && /^[0-9a-f]{32}$/.test(storeId);
    if (!isId || !Number.isSafeInteger(formatVersion) || Object.keys(more).length > 0) return undefined;
    return { storeId, formatVersion: formatVersion as number };
  } catch {
    return undefined;
  }
}
