import { ConformanceError, type Report } from '@coffer/conformance';
import { open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

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

/**
 * Puts a report in the place of the one before, so that at any time, also after a crash, the file is whole: it is
 * written beside it, as `PATH.part`, and renamed.
 *
 * @throws ConformanceError `options`
 */
export async function replaceReport(path: string, report: Report): Promise<void> {
  await orError(path, replaceFile(path, `${JSON.stringify(report)}\n`));
}

async function replaceFile(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  await writeFile(part, text, { flush: true });
  await rename(part, path);
  // A folder cannot be flushed everywhere. The file is whole without it, only perhaps an older one.
  const folder = await open(dirname(path)).catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

async function orError(path: string, writing: Promise<void>): Promise<void> {
  await writing.catch((cause: unknown) => {
    throw new ConformanceError('options', `${path} cannot be written.`, { cause });
  });
}
