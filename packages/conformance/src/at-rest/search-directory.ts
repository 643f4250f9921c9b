import { join } from 'node:path';
import { listFiles } from './data-directory.ts';
import { cut, NeedleSearch, whole, type Sought } from './needles.ts';
import type { StoredFile } from './stored-file.ts';

/** What was found of one thing that was looked for. */
interface Found {
  /** How many pieces of it. */
  readonly hits: number;
  /** Where the first few are: a path, and at which byte. */
  readonly where: readonly string[];
}

/** What a search of all files of a directory found. */
export interface DirectorySearch {
  readonly files: number;
  readonly bytes: number;
  readonly of: (owner: string) => Found;
}

const shownPlaces = 3;
export const keyOwner = 'customer key';
export const keyMd5Owner = 'MD5 of the customer key';

/** By what pieces of a file's content are found again: two versions of a name are two. */
export function ownerOf({ role, name }: StoredFile): string {
  return `${role} ${name}`;
}

/**
 * Looks through all files of a directory, and the names of them, for pieces of all contents and for the key.
 *
 * @throws the reason of the signal.
 */
export async function searchDirectory(
  directory: string,
  stored: readonly StoredFile[],
  customerKey: { readonly key: string; readonly md5: string },
  signal: AbortSignal | undefined,
): Promise<DirectorySearch> {
  const turn = async (): Promise<void> => {
    await new Promise(setImmediate);
    signal?.throwIfAborted();
  };
  const sought = [
    ...stored.map((file) => cut(ownerOf(file), file.content)),
    ...notationsOf(keyOwner, customerKey.key),
    ...notationsOf(keyMd5Owner, customerKey.md5),
  ];
  const search = await NeedleSearch.ofMany(sought, turn);
  const found = new Map<string, { hits: number; where: string[] }>();
  const note = (owner: string, place: string): void => {
    const known = found.get(owner) ?? { hits: 0, where: [] };
    known.hits++;
    if (known.where.length < shownPlaces) known.where.push(place);
    found.set(owner, known);
  };
  const listing = listFiles(directory);
  let bytes = 0;
  for (const [path, { size }] of listing) {
    search.find(Buffer.from(path), ({ owner }) => {
      note(owner, `in the name of ${path}`);
    });
    await search.findInFile(join(directory, path), turn, ({ owner }, at) => {
      note(owner, `${path} at byte ${at}`);
    });
    bytes += size;
  }
  return { files: listing.size, bytes, of: (owner) => found.get(owner) ?? { hits: 0, where: [] } };
}

/** Bytes in each way in which programs write them down. */
function notationsOf(owner: string, base64: string): readonly Sought[] {
  const raw = Buffer.from(base64, 'base64');
  const texts = [
    ...[base64.replace(/=+$/, ''), raw.toString('base64url')],
    ...[raw.toString('hex'), raw.toString('hex').toUpperCase()],
  ];
  return [raw, ...new Set(texts)].map((text) => whole(owner, Buffer.from(text)));
}
