import { encodeHex } from '@coffer/bytes';
import { sha1 } from '@noble/hashes/legacy.js';
import type { Gate } from './gate.ts';

const pieceSize = 4 * 2 ** 20;

/**
 * The SHA-1 of a file, in lower-case hexadecimal. `onRead` is told how many bytes were read. The file is read in
 * pieces, the next one while one is hashed.
 */
export async function sha1WithProgress(
  file: Blob,
  gate: Gate,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<string> {
  const hash = sha1.create();
  const read = (start: number): Promise<ArrayBuffer> => {
    const piece = file.slice(start, start + pieceSize).arrayBuffer();
    // A piece that nobody takes any more may fail, too.
    piece.catch(() => undefined);
    return piece;
  };
  let next = read(0);
  for (let start = 0; start < file.size; start += pieceSize) {
    await gate.passage(signal);
    const piece = await next;
    if (start + pieceSize < file.size) next = read(start + pieceSize);
    hash.update(new Uint8Array(piece));
    onRead(Math.min(file.size, start + pieceSize));
  }
  signal.throwIfAborted();
  return encodeHex(hash.digest());
}
