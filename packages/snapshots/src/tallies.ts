import type { FileTally, LeftOutFiles } from '@coffer/storage-ports';
import { snapshotLimits } from './options.ts';

export const noFiles: FileTally = { files: 0, bytes: 0 };
export const noneLeftOut: LeftOutFiles = { ...noFiles, names: [] };

export function withFile({ files, bytes }: FileTally, size: number): FileTally {
  return { files: files + 1, bytes: bytes + size };
}

export function sumOf(a: FileTally, b: FileTally): FileTally {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

/** Both together, with the first few names. */
export function leftOutOf(a: LeftOutFiles, b: LeftOutFiles): LeftOutFiles {
  return { ...sumOf(a, b), names: [...a.names, ...b.names].slice(0, snapshotLimits.names) };
}

export function leftOutFile(before: LeftOutFiles, name: string, size: number): LeftOutFiles {
  return leftOutOf(before, { files: 1, bytes: size, names: [name] });
}
