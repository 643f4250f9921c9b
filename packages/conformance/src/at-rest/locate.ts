import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listFiles, type ListedFile } from './data-directory.ts';

/** Bytes of a file of the data directory, from `from` up to `to`. */
export interface Place {
  /** From the data directory. */
  readonly path: string;
  readonly from: number;
  readonly to: number;
  /** Whether it is all of the file, so that it can be made shorter or longer. */
  readonly whole: boolean;
}

type Listing = ReadonlyMap<string, ListedFile>;

/** Below this, what is stored can be a row of a database whose file grew for other reasons. */
const rowSize = 4096;

/**
 * Where content of so many bytes went, by what changed in the directory while it was written: a file that came, a file
 * that grew, or one that was written anew. It has to fit the content in size, since other things change as well.
 */
export function placesOf(before: Listing, after: Listing, length: number): readonly Place[] {
  const came: Place[] = [];
  const grown: Place[] = [];
  const rewritten: Place[] = [];
  for (const [path, now] of after) {
    const was = before.get(path);
    const whole = { path, from: 0, to: now.size, whole: true };
    if (was?.inode !== now.inode) came.push(whole);
    else if (now.size > was.size) grown.push({ path, from: was.size, to: now.size, whole: false });
    else if (now.modified !== was.modified) rewritten.push(whole);
  }
  const fits = (most: number) => (place: Place) => {
    const size = place.to - place.from;
    return size >= length && size <= most;
  };
  const kinds = [came.filter(fits(length * 1.25 + 65_536))];
  if (length >= rowSize) kinds.push(...[grown, rewritten].map((kind) => kind.filter(fits(length * 1.05 + 8192))));
  return kinds.find((kind) => kind.length > 0) ?? [];
}

/** The bytes at a place; undefined where they are gone. */
export async function bytesAt(directory: string, { path, from, to }: Place): Promise<Uint8Array | undefined> {
  const file = await readFile(join(directory, path)).catch(() => undefined);
  return file === undefined || file.length < to ? undefined : file.subarray(from, to);
}

/**
 * The places of a state of the directory that hold exactly these bytes: those that are known, or another file where a
 * server has moved them since.
 */
export async function placesHolding(
  directory: string,
  bytes: Uint8Array,
  known: readonly Place[],
): Promise<readonly Place[]> {
  const holding: Place[] = [];
  for (const place of known) {
    const now = await bytesAt(directory, place);
    if (now !== undefined && Buffer.compare(now, bytes) === 0) holding.push(place);
  }
  if (holding.length > 0) return holding;
  for (const [path, { size }] of listFiles(directory)) {
    const place = { path, from: 0, to: size, whole: true };
    const now = size === bytes.length ? await bytesAt(directory, place) : undefined;
    if (now !== undefined && Buffer.compare(now, bytes) === 0) holding.push(place);
  }
  return holding;
}
