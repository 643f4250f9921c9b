import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { VerificationCursor } from '@coffer/storage-core';
import * as z from 'zod';
import { systemErrorCode } from '../startup-error.ts';

/** In the data directory: how far verifications in the background have come. */
export const scrubFileName = 'scrub.json';

const count = z.number().int().min(0);

const cursor = z.strictObject({
  stage: z.string(),
  after: z.string(),
  bucketId: z.string().nullable(),
  counts: z.strictObject({
    rows: count,
    references: count,
    blobs: count,
    bytes: count,
    withoutKey: count,
    unsettled: count,
    damaged: count,
    orphans: count,
  }),
}) satisfies z.ZodType<VerificationCursor>;

const content = z.strictObject({
  /** Of the run that was not ended; null if there is none. */
  cursor: cursor.nullable(),
  /** When the last run ended that looked at everything, in milliseconds since the epoch; null for never. */
  finishedAt: count.nullable(),
});

/** What is kept of verification runs between two processes. */
export type KeptRuns = z.output<typeof content>;

/** The file is there and is none of these. */
export class CursorFileError extends Error {
  override readonly name = 'CursorFileError';
}

/**
 * What the file says; undefined if it is not there. @throws CursorFileError; the system's error where it cannot be
 * read.
 */
export async function readCursorFile(path: string): Promise<KeptRuns | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = content.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new CursorFileError(`${path} does not say how far a verification has come`);
}

/** Replaces the file as a whole. Not flushed: a file that a power cut took costs a run that begins anew. */
export async function writeCursorFile(path: string, kept: KeptRuns): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeFile(temporary, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  await rename(temporary, path);
}

export async function removeCursorFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
