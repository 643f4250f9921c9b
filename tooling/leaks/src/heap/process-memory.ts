import { Buffer } from 'node:buffer';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { platform } from 'node:process';
import type { OutputPiece } from '../search/collected.ts';

const pieceLength = 16 * 1024 * 1024;

/** Why the memory of another process cannot be read here; undefined where it can. */
export const memoryUnreadable = platform === 'linux' ? undefined : `/proc/PID/mem is Linux's; this is ${platform}`;

/** All writable memory of a process of one's own, region by region. `overlap`: bytes that pieces share. */
export function* processMemory(pid: number, overlap: number): Generator<OutputPiece> {
  const descriptor = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const { start, end } of writableRegions(readFileSync(`/proc/${pid}/maps`, 'utf8')))
      yield* pieces(descriptor, start, end, overlap);
  } finally {
    closeSync(descriptor);
  }
}

function* pieces(descriptor: number, start: number, end: number, overlap: number): Generator<OutputPiece> {
  for (let offset = start; offset < end; offset += pieceLength) {
    const bytes = Buffer.alloc(Math.min(pieceLength + overlap, end - offset));
    const length = read(descriptor, bytes, offset);
    if (length > 0) yield { bytes: bytes.subarray(0, length), offset };
  }
}

/** Reads a region; one that is only reserved cannot be read. */
function read(descriptor: number, bytes: Buffer, offset: number): number {
  try {
    return readSync(descriptor, bytes, 0, bytes.length, offset);
  } catch {
    return 0;
  }
}

/** The writable regions, without mapped files: these, such as the metadata store's, are searched as files on disk. */
function writableRegions(maps: string): { start: number; end: number }[] {
  return maps
    .split('\n')
    .filter((line) => /^\S+ rw/.test(line) && !/\.mdb$/.test(line))
    .map((line) => {
      const [start = '', end = ''] = (line.split(' ', 1)[0] ?? '').split('-');
      return { start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) };
    });
}
