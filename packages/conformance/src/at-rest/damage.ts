import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DamageKind } from './checks.ts';
import type { StoredFile, StoredPiece } from './stored-file.ts';

/** Stored bytes that are replaced. */
interface Edit {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  /** Made when they are needed: all damages together are many times what is stored. Nothing removes the file. */
  readonly bytes: () => Uint8Array | undefined;
}

/** Something that is done to what is stored of one or two files. */
export interface Damage {
  readonly kind: DamageKind;
  readonly title: string;
  /** The files that may no longer be given out as they were. */
  readonly victims: readonly StoredFile[];
  readonly edits: readonly Edit[];
  /** Where in the content the damage is, from 0 to 1, if that is known. */
  readonly around?: number;
}

/** How a damage changes the bytes of a piece; undefined if it removes them. */
export type Change = (stored: Uint8Array) => Uint8Array | undefined;

/**
 * The edits that change a piece in all its places. Only what is all of its file can become shorter or longer.
 *
 * @returns undefined where that cannot be done, or would change nothing.
 */
export function editsOf({ bytes, places }: StoredPiece, change: Change): readonly Edit[] | undefined {
  if (bytes === undefined || places.length === 0) return undefined;
  const changed = change(bytes);
  if (changed !== undefined && Buffer.compare(changed, bytes) === 0) return undefined;
  if (changed?.length !== bytes.length && places.some(({ whole }) => !whole)) return undefined;
  return places.map(({ path, from, to }) => ({ path, from, to, bytes: () => change(bytes) }));
}

/** Does a damage to a data directory whose server is stopped. */
export async function applyDamage(directory: string, { edits }: Damage): Promise<void> {
  for (const { path, from, to, bytes } of edits) {
    const file = join(directory, path);
    const changed = bytes();
    if (changed === undefined) await rm(file);
    else if (changed.length === to - from) await overwrite(file, from, changed);
    else {
      const before = await readFile(file);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, Buffer.concat([before.subarray(0, from), changed, before.subarray(to)]));
    }
  }
}

async function overwrite(path: string, from: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(bytes, 0, bytes.length, from);
  } finally {
    await file.close();
  }
}

/** Whole numbers below a limit that are the same for the same text. */
export function seededNumbers(of: string, count: number, below: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const digest = createHash('sha256').update(`${of} ${index}`).digest();
    return below === 0 ? 0 : digest.readUIntBE(0, 6) % below;
  });
}
