import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The variable that switches the collecting on: the folder of one run. */
export const runFolderVariable = 'COFFER_LEAKS_FOLDER';

/** What one run collects, by folder. Everything in it is made for the run and of no worth after it. */
export interface RunFolder {
  readonly root: string;
  /** One file of secrets per process. */
  readonly secrets: string;
  /** One file of outputs per process. */
  readonly outputs: string;
  /** Directories that tests removed, or would have. */
  readonly held: string;
  /** The processes' `TMPDIR`. */
  readonly temporary: string;
}

export function runFolder(root: string): RunFolder {
  const at = (name: string): string => join(root, name);
  return { root, secrets: at('secrets'), outputs: at('outputs'), held: at('held'), temporary: at('tmp') };
}

export function makeRunFolder(root: string): RunFolder {
  const folder = runFolder(root);
  for (const path of Object.values(folder) as string[]) mkdirSync(path, { recursive: true });
  return folder;
}
