import { ConformanceError, type Report } from '@coffer/conformance';
import { lstat, open, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes sure, before a run, that files can be written, and changes none. `read` are those that the run reads.
 *
 * @throws ConformanceError `options`, also if two of them are the same.
 */
export async function checkWritable(
  written: readonly (string | undefined)[],
  read: readonly (string | undefined)[] = [],
): Promise<void> {
  const taken = new Set(read.flatMap((path) => (path === undefined ? [] : [resolve(path)])));
  for (const path of written) {
    if (path === undefined) continue;
    if (taken.has(resolve(path)))
      throw new ConformanceError('options', `${path} is named twice, and one would overwrite the other.`);
    taken.add(resolve(path));
    await orError(path, openForWriting(path));
  }
}

/** A file that was not there is not there afterwards: an empty one would be no report. */
async function openForWriting(path: string): Promise<void> {
  const isNew = await lstat(path).then(
    () => false,
    () => true,
  );
  const file = await open(path, 'a');
  await file.close();
  if (isNew) await unlink(path);
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
