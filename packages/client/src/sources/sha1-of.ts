import { startSha1 } from '#sha1';

/** Bytes that are hashed before other work gets its turn: a few milliseconds in Node, some twenty in a browser. */
const pieceSize = 4 * 2 ** 20;

/** The SHA-1 of data, in lower-case hexadecimal. Other work gets its turns meanwhile. */
export async function sha1Of(data: Uint8Array | Blob, signal?: AbortSignal): Promise<string> {
  const sha1 = startSha1();
  for await (const piece of data instanceof Uint8Array ? piecesOf(data) : piecesOfBlob(data)) {
    signal?.throwIfAborted();
    sha1.update(piece);
  }
  return sha1.hex();
}

async function* piecesOf(data: Uint8Array): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < data.length; start += pieceSize) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve, 0));
    yield data.subarray(start, start + pieceSize);
  }
}

/** Reads one piece ahead. The stream of a blob comes in small pieces, and each of them has to be waited for. */
async function* piecesOfBlob(data: Blob): AsyncGenerator<Uint8Array, void> {
  const read = (start: number) => {
    const piece = data.slice(start, start + pieceSize).arrayBuffer();
    // A piece that nobody takes any more may fail, too.
    piece.catch(() => undefined);
    return piece;
  };
  let next = read(0);
  for (let start = 0; start < data.size; start += pieceSize) {
    const piece = await next;
    if (start + pieceSize < data.size) next = read(start + pieceSize);
    yield new Uint8Array(piece);
  }
}

/** The type of `Blob.stream` differs between the declarations of Node and of browsers. */
export function blobStream(blob: Blob): ReadableStream<Uint8Array> {
  return blob.stream() as ReadableStream<Uint8Array>;
}
