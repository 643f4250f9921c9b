import { createCipheriv, createHash } from 'node:crypto';

/** Bytes that a number stands for, so that only the number has to be kept. */
interface Piece {
  readonly seed: number;
  /** Bytes. */
  readonly size: number;
}

export type Content = readonly Piece[];

/** The bytes of a file: its pieces one after the other. */
export function bytesOf(content: Content): Buffer<ArrayBuffer> {
  return Buffer.concat(content.map(pieceBytes));
}

export function sizeOf(content: Content): number {
  return content.reduce((sum, { size }) => sum + size, 0);
}

/** Lower-case hexadecimal. */
export function sha1Of(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}

function pieceBytes({ seed, size }: Piece): Buffer {
  const key = createHash('sha256').update(String(seed)).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}
