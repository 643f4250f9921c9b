import { isBackupPath } from './backup-layout.ts';
import type { FileDigest } from './digested-file.ts';

/** The version of the manifest's format that is written and read. */
const manifestVersion = 1;

/** The first line of a manifest: which store was backed up, and when. */
export interface ManifestHeader {
  readonly storeId: string;
  /** The generation of the store when the backup was taken. */
  readonly generation: string;
  /** When the metadata was copied, in milliseconds since the epoch. */
  readonly takenAt: number;
}

/** A file of the backup. */
export interface ManifestFile extends FileDigest {
  /** `metadata/data.mdb`, `blobs/store.json` or `blobs/<folder>/<id>`. */
  readonly path: string;
}

/** A blob that the metadata names and that the store had lost when the backup was taken. */
interface ManifestGap {
  readonly path: string;
  readonly missing: true;
}

/** A line between the first and the last. Metadata and store mark come first, then blobs in the order of their ids. */
export type ManifestEntry = ManifestFile | ManifestGap;

/**
 * The last line: how many files there are, and a checksum of all lines before it. A manifest without this line was cut
 * off and is not valid.
 */
export interface ManifestEnd {
  readonly files: number;
  readonly missing: number;
  /** Bytes of all files. */
  readonly bytes: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

export function headerLine({ storeId, generation, takenAt }: ManifestHeader): string {
  return JSON.stringify({
    cofferBackup: manifestVersion,
    storeId,
    generation,
    takenAt: new Date(takenAt).toISOString(),
  });
}

export function entryLine(entry: ManifestEntry): string {
  const { path } = entry;
  if ('missing' in entry) return JSON.stringify({ path, missing: true });
  return JSON.stringify({ path, length: entry.length, sha256: entry.sha256 });
}

export function endLine({ files, missing, bytes, sha256 }: ManifestEnd): string {
  return JSON.stringify({ files, missing, bytes, sha256 });
}

/** The header in a line; undefined if the line is no header of this version. */
export function parseHeader(line: string): ManifestHeader | undefined {
  const { cofferBackup, storeId, generation, takenAt } = fieldsOf(line);
  const time = typeof takenAt === 'string' ? Date.parse(takenAt) : NaN;
  if (cofferBackup !== manifestVersion || !isId(storeId) || !isId(generation) || Number.isNaN(time)) return undefined;
  return { storeId, generation, takenAt: time };
}

/** The entry in a line; undefined if the line is no entry, or its path does not belong into a backup. */
export function parseEntry(line: string): ManifestEntry | undefined {
  const { path, length, sha256, missing } = fieldsOf(line);
  if (typeof path !== 'string' || !isBackupPath(path)) return undefined;
  if (missing === true) return { path, missing };
  return isCount(length) && isSha256(sha256) ? { path, length, sha256 } : undefined;
}

/** The end in a line; undefined if the line is no end. */
export function parseEnd(line: string): ManifestEnd | undefined {
  const { files, missing, bytes, sha256 } = fieldsOf(line);
  if (!isCount(files) || !isCount(missing) || !isCount(bytes) || !isSha256(sha256)) return undefined;
  return { files, missing, bytes, sha256 };
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
const isSha256 = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
