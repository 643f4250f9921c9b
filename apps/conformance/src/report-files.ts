import { ConformanceError } from '@coffer/conformance';
import { open, writeFile } from 'node:fs/promises';

/** Makes sure, before a run, that files can be written; new ones are made empty. @throws ConformanceError `options` */
export async function checkWritable(paths: readonly (string | undefined)[]): Promise<void> {
  for (const path of paths)
    if (path !== undefined)
      await orError(
        path,
        open(path, 'a').then((file) => file.close()),
      );
}

/** Writes a report, if it has a path. @throws ConformanceError `options` */
export async function writeReport(path: string | undefined, text: () => string): Promise<void> {
  if (path !== undefined) await orError(path, writeFile(path, text()));
}

async function orError(path: string, writing: Promise<void>): Promise<void> {
  await writing.catch((cause: unknown) => {
    throw new ConformanceError('options', `${path} cannot be written.`, { cause });
  });
}
