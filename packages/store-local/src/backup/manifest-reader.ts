import { createHash } from 'node:crypto';
import type { BlobFileSystem } from '@coffer/storage-ports';
import { isErrno, storeFailure } from '../store-failure.ts';
import { BackupError } from './backup-error.ts';
import { backupLayout } from './backup-layout.ts';
import { contentOf } from './digested-file.ts';
import {
  parseEnd,
  parseEntry,
  parseHeader,
  type ManifestEnd,
  type ManifestEntry,
  type ManifestHeader,
} from './manifest.ts';

type Files = Pick<BlobFileSystem, 'open'>;

/** Longer than any line of a manifest. */
const longestLine = 4_096;

/** A manifest that was read to its end and matches its own checksum. */
export interface CheckedManifest {
  readonly header: ManifestHeader;
  readonly end: ManifestEnd;
}

/**
 * Reads the manifest of a backup whole and compares it with its own checksum.
 *
 * @throws BackupError `no_backup` if there is none, `damaged`; StoreError `io`.
 */
export async function checkManifest(files: Files, backup: string): Promise<CheckedManifest> {
  const hash = createHash('sha256');
  const counts = { files: 0, missing: 0, bytes: 0 };
  let header: ManifestHeader | undefined;
  let last: string | undefined;
  for await (const line of linesOf(files, backup)) {
    if (last !== undefined) {
      hash.update(`${last}\n`);
      if (header === undefined) header = headerIn(last, backup);
      else count(counts, entryIn(last, backup));
    }
    last = line;
  }
  const end = parseEnd(last ?? '');
  const isWhole =
    end?.sha256 === hash.digest('hex') &&
    end.files === counts.files &&
    end.missing === counts.missing &&
    end.bytes === counts.bytes;
  if (header === undefined || end === undefined || !isWhole) throw damaged(backup);
  return { header, end };
}

/** The first line alone. @throws BackupError `no_backup`, `damaged`; StoreError `io`. */
export async function readHeader(files: Files, backup: string): Promise<ManifestHeader> {
  for await (const line of linesOf(files, backup)) return headerIn(line, backup);
  throw damaged(backup);
}

/** The entries of a manifest, in its order. To be called only after {@link checkManifest}. */
export async function* manifestEntries(files: Files, backup: string): AsyncGenerator<ManifestEntry, void> {
  let before: string | undefined;
  let isFirst = true;
  for await (const line of linesOf(files, backup)) {
    // The first line is the header, the last one the end.
    if (before !== undefined && !isFirst) yield entryIn(before, backup);
    isFirst = before === undefined;
    before = line;
  }
}

function headerIn(line: string, backup: string): ManifestHeader {
  const header = parseHeader(line);
  if (header === undefined) throw damaged(backup);
  return header;
}

function entryIn(line: string, backup: string): ManifestEntry {
  const entry = parseEntry(line);
  if (entry === undefined) throw damaged(backup);
  return entry;
}

function count(counts: { files: number; missing: number; bytes: number }, entry: ManifestEntry): void {
  if ('missing' in entry) {
    counts.missing++;
  } else {
    counts.files++;
    counts.bytes += entry.length;
  }
}

/** The lines, without their line ends. Bytes behind the last line end are no line: the manifest was cut off there. */
async function* linesOf(files: Files, backup: string): AsyncGenerator<string, void> {
  const path = backupLayout.manifest(backup);
  let rest = Buffer.alloc(0);
  try {
    for await (const piece of contentOf(files, path)) {
      rest = Buffer.concat([rest, piece]);
      let start = 0;
      for (let at = rest.indexOf(10); at !== -1; at = rest.indexOf(10, start)) {
        yield rest.toString('utf8', start, at);
        start = at + 1;
      }
      rest = rest.subarray(start);
      if (rest.length > longestLine) throw damaged(backup);
    }
  } catch (error) {
    throw openingFailure(backup, error);
  }
  if (rest.length > 0) throw damaged(backup);
}

function openingFailure(backup: string, error: unknown): Error {
  if (error instanceof BackupError) return error;
  if (!isErrno(error, 'ENOENT', 'ENOTDIR')) return storeFailure(`Reading the manifest of ${backup}`, error);
  return new BackupError('no_backup', `There is no complete backup in ${backup}: it has no manifest`, { cause: error });
}

function damaged(backup: string): BackupError {
  return new BackupError('damaged', `The manifest of the backup in ${backup} is damaged`);
}
