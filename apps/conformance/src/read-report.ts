import { ConformanceError, reportSchema, type Report } from '@coffer/conformance';
import { readFile } from 'node:fs/promises';

/** Reads a report in JSON. @throws ConformanceError `options` */
export async function readReport(path: string): Promise<Report> {
  const report = await readReportIfThere(path);
  if (report === undefined) throw new ConformanceError('options', `${path} is not there.`);
  return report;
}

/** The same; undefined if there is no such file. Any other trouble with it is an error. */
export async function readReportIfThere(path: string): Promise<Report | undefined> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (isMissing(cause)) return undefined;
    throw new ConformanceError('options', `${path} cannot be read.`, { cause });
  });
  if (text === undefined) return undefined;
  const result = reportSchema.safeParse(jsonOf(text));
  if (result.success) return result.data;
  throw new ConformanceError('options', `${path} is no report of this version of coffer-conformance.`, {
    cause: result.error,
  });
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
