import type { FileTally } from '@coffer/storage-ports';

/** Bytes of the longest name of an entry: that of a file. Names in the folder of renamed files are shorter. */
const longestName = 1_024;
/** A local header (30), a data descriptor (24), a record in the directory (46) with its ZIP64 field (28). */
const bytesPerEntry = 128 + 2 * longestName;
const endLength = 98;

/** More bytes than a ZIP file of such files can have. */
export function zipSizeAtMost({ files, bytes }: FileTally): number {
  return bytes + files * bytesPerEntry + endLength;
}

const mebibyte = 1024 * 1024;
export const maximumParts = 10_000;

/** Bytes of each part but the last, so that the file has no more parts than a large file may have. */
export function partSizeFor(files: FileTally, smallest: number): number {
  const needed = Math.ceil(zipSizeAtMost(files) / maximumParts);
  return needed <= smallest ? smallest : Math.ceil(needed / mebibyte) * mebibyte;
}
