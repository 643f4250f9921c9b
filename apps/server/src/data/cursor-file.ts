import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { VerificationCursor } from '@coffer/storage-core';
import * as z from 'zod';
import { systemErrorCode } from '../startup-error.ts';

/** The name of the file in the data directory that keeps how far verifications in the background have come. */
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
  /** The cursor of the unfinished run; null if there is none. */
  cursor: cursor.nullable(),
  /** When the last complete run ended, in milliseconds since the epoch; null for never. */
  finishedAt: count.nullable(),
});

/** What one process keeps of its verification runs for the next one. */
export type KeptRuns = z.output<typeof content>;

/** Thrown for a file that exists but has another content. */
export class CursorFileError extends Error {
  override readonly name = 'CursorFileError';
}

/**
 * The content of the file; undefined if it does not exist. @throws CursorFileError; the system's error where it cannot
 * be read.
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

/**
 * Replaces the file as a whole. The file is not flushed: if a power cut destroys it, the only harm is that a run begins
 * anew.
 */
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
