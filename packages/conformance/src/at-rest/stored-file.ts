import { setTimeout as pause } from 'node:timers/promises';
import { listFiles } from './data-directory.ts';
import type { FileHandle, FileService } from './file-service.ts';
import { bytesAt, placesHolding, placesOf, type Place } from './locate.ts';
import type { Specimen } from './specimens.ts';

/** Content, and where the server put it. */
export interface StoredPiece {
  readonly content: Uint8Array;
  /** What it stored; undefined where that could not be told apart from other things. */
  readonly bytes: Uint8Array | undefined;
  /** All that hold these bytes; none where they are gone or cannot be told apart. */
  readonly places: readonly Place[];
}

/** A file that was written, and how it lies in the data directory. */
export interface StoredFile extends Omit<Specimen, 'parts' | 'firstAttempt'> {
  readonly handle: FileHandle;
  readonly content: Uint8Array;
  /** One, or one for each part of a large file whose parts lie apart. */
  readonly pieces: readonly StoredPiece[];
  /** Of a large file: where all of it may have gone when it was finished. */
  readonly joined?: StoredPiece;
  /** Of `again`: the first part as it was sent at first. */
  readonly firstAttempt?: StoredPiece;
}

/** How often, and after how many milliseconds, it is looked again for what a server writes later. */
const looks = 3;
const betweenLooks = 40;

/** Writes a file, looking at the directory before and after each call. @throws ConformanceError */
export async function writeSpecimen(specimen: Specimen, service: FileService, directory: string): Promise<StoredFile> {
  const { parts, firstAttempt, ...about } = specimen;
  const { name, mode, form } = about;
  const content = Buffer.concat(parts);
  if (form !== 'large') {
    const { result: handle, piece } = await watched(directory, content, () => service.put(name, content, mode));
    return { ...about, content, handle, pieces: [piece] };
  }
  const upload = await service.startLarge(name, mode);
  const sendPart = async (index: number, part: Uint8Array): Promise<StoredPiece> =>
    (await watched(directory, part, () => upload.part(index + 1, part))).piece;
  const attempt = firstAttempt === undefined ? undefined : await sendPart(0, firstAttempt);
  const pieces: StoredPiece[] = [];
  for (const [index, part] of parts.entries()) pieces.push(await sendPart(index, part));
  // Who has put the parts somewhere need not put them together.
  const apart = pieces.every(({ places }) => places.length > 0);
  const { result: handle, piece: whole } = await watched(directory, content, () => upload.finish(), apart ? 0 : looks);
  return {
    ...{ ...about, content, handle, pieces, joined: whole },
    ...(attempt !== undefined && { firstAttempt: attempt }),
  };
}

/** The same file, as it lies in a saved state of the directory: its parts, or where they were joined. */
export async function locatedIn(directory: string, file: StoredFile): Promise<StoredFile> {
  const pieces: StoredPiece[] = [];
  for (const piece of file.pieces) pieces.push(await pieceIn(directory, piece));
  const apart = { ...file, pieces };
  if (file.joined === undefined || isLocated(apart)) return apart;
  return { ...file, pieces: [await pieceIn(directory, file.joined)] };
}

async function pieceIn(directory: string, piece: StoredPiece): Promise<StoredPiece> {
  const { bytes, places } = piece;
  return bytes === undefined ? piece : { ...piece, places: await placesHolding(directory, bytes, places) };
}

/** Where no versions are kept, an older one is not there to be read. */
export function isKept({ role, handle }: StoredFile, files: readonly StoredFile[]): boolean {
  return role !== 'old' || handle.version !== undefined || !files.some((file) => file.role === 'new');
}

/** Whether all of a file's bytes are known, so that they can be damaged. */
export function isLocated({ pieces }: StoredFile): boolean {
  return pieces.every(({ bytes, places }) => bytes !== undefined && places.length > 0);
}

async function watched<Result>(
  directory: string,
  content: Uint8Array,
  write: () => Promise<Result>,
  mostLooks = looks,
) {
  const before = listFiles(directory);
  const result = await write();
  for (let look = 0; ; look++) {
    const places = placesOf(before, listFiles(directory), content.length);
    // A temporary name that the file had, too, may be gone by now.
    for (const place of places) {
      const bytes = await bytesAt(directory, place);
      if (bytes !== undefined) return { result, piece: { content, bytes: Buffer.from(bytes), places } };
    }
    if (look === mostLooks) return { result, piece: { content, bytes: undefined, places: [] } };
    await pause(betweenLooks);
  }
}
