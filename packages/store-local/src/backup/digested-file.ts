import { createHash } from 'node:crypto';
import type { ByteStream } from '@coffer/bytes';
import type { BlobFileSystem } from '@coffer/storage-ports';
import { attempt } from '../store-failure.ts';

const pieceLength = 256 * 1024;

/** Length and checksum of a file, as a manifest records them. */
export interface FileDigest {
  /** Bytes. */
  readonly length: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Reads a file to its end. @throws the file system's error if it cannot be opened; StoreError `io` if it cannot be
 * read.
 */
export async function digestFile(
  files: Pick<BlobFileSystem, 'open'>,
  path: string,
  signal?: AbortSignal,
): Promise<FileDigest> {
  const digest = new StreamDigest();
  for await (const piece of contentOf(files, path)) {
    signal?.throwIfAborted();
    digest.add(piece);
  }
  return digest.result();
}

/**
 * The bytes of a file. @throws the file system's error if it cannot be opened; StoreError `io` if it cannot be read.
 */
export async function* contentOf(files: Pick<BlobFileSystem, 'open'>, path: string): AsyncGenerator<Uint8Array, void> {
  const file = await files.open(path);
  try {
    for (let position = 0; ;) {
      const piece = new Uint8Array(Buffer.allocUnsafeSlow(pieceLength).buffer);
      const bytesRead = await attempt(`Reading ${path}`, file.read(piece, position));
      if (bytesRead === 0) return;
      position += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** Digests a stream while its bytes pass; `result` may be asked for when it has ended. */
export class StreamDigest {
  readonly #hash = createHash('sha256');
  #length = 0;

  add(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.#length += piece.length;
  }

  result(): FileDigest {
    return { length: this.#length, sha256: this.#hash.digest('hex') };
  }

  async *through(stream: ByteStream): AsyncGenerator<Uint8Array, void> {
    for await (const piece of stream) {
      this.add(piece);
      yield piece;
    }
  }
}
