import { rechunk, stage, type ByteStream } from '@coffer/bytes';
import { hashing } from '#hashing';
import type { HeaderPair } from '../request/header-lines.ts';
import type { ChunkSignatures } from '../signature/chunk-signatures.ts';
import { checksumTextLength, trailerSignature } from './trailer-names.ts';

const defaultChunkSize = 64 * 1024;
const signatureLength = 64;

export interface EncodeOptions {
  /** Of `signRequest`; undefined if the chunks are not signed. Wiped when the stream ends or is left. */
  readonly signatures: ChunkSignatures | undefined;
  /** Bytes of data in each chunk but the last; 65,536 if left out. S3 wants at least 8,192 in signed chunks. */
  readonly chunkSize?: number;
  /**
   * Called when all data was read, so that checksums can be computed in passing. Names in lower case, those that
   * `x-amz-trailer` announces and in that mode only.
   */
  readonly trailers?: () => readonly HeaderPair[];
}

/**
 * Frames data as an aws-chunked body, with memory for one chunk.
 *
 * @throws RangeError from the stream, unless the size of chunks is a positive integer.
 *
 * @example
 * ```ts
 * const data = streamOf(new TextEncoder().encode('hello'));
 * const trailers = () => [['x-amz-checksum-crc32', 'NhCmhg==']];
 * const body = await collect(encodeAwsChunked(data, { signatures: undefined, trailers }), 100);
 * assert.equal(new TextDecoder().decode(body), '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n');
 * assert.equal(body.length, awsChunkedLength(5, { signed: false, trailers: ['x-amz-checksum-crc32'] }));
 * ```
 */
export function encodeAwsChunked(data: ByteStream, options: EncodeOptions): AsyncGenerator<Uint8Array, void> {
  const { signatures, chunkSize = defaultChunkSize, trailers } = options;
  return stage(data, async function* (source) {
    try {
      for await (const chunk of rechunk(source, chunkSize)) {
        yield bytesOf(chunkLine(chunk, signatures));
        yield chunk;
        yield bytesOf('\r\n');
      }
      yield bytesOf(`${chunkLine(new Uint8Array(0), signatures)}${trailerLines(trailers?.(), signatures)}\r\n`);
    } finally {
      signatures?.wipe();
    }
  });
}

function chunkLine(chunk: Uint8Array, signatures: ChunkSignatures | undefined): string {
  const size = chunk.length.toString(16);
  if (signatures === undefined) return `${size}\r\n`;
  return `${size};chunk-signature=${signatures.next(hashing.sha256Hex(chunk))}\r\n`;
}

function trailerLines(trailers: readonly HeaderPair[] | undefined, signatures: ChunkSignatures | undefined): string {
  if (trailers === undefined) return '';
  const lines = trailers.map(([name, value]) => `${name}:${value}\r\n`).join('');
  if (signatures === undefined) return lines;
  return `${lines}${trailerSignature}:${signatures.trailer(lines.replaceAll('\r', ''))}\r\n`;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** How a body will be framed. */
export interface Framing {
  readonly signed: boolean;
  /** As in {@link EncodeOptions}. */
  readonly chunkSize?: number;
  /** The names of the checksums in the trailers. */
  readonly trailers?: readonly string[];
}

/**
 * Bytes of the body that `encodeAwsChunked` makes of so many bytes of data: its `Content-Length`.
 *
 * @throws SigV4Error `InvalidRequest` for a trailer that is no checksum.
 */
export function awsChunkedLength(dataLength: number, framing: Framing): number {
  const { signed, chunkSize = defaultChunkSize, trailers } = framing;
  const lineEnd = (signed ? ';chunk-signature='.length + signatureLength : 0) + 2;
  const chunkLength = (size: number) => size.toString(16).length + lineEnd + size + 2;
  const last = dataLength % chunkSize;
  const chunks = Math.floor(dataLength / chunkSize) * chunkLength(chunkSize) + (last > 0 ? chunkLength(last) : 0);
  const lines = (trailers ?? []).map((name) => name.length + 1 + checksumTextLength(name) + 2);
  const signature = signed && trailers !== undefined ? trailerSignature.length + 1 + signatureLength + 2 : 0;
  return chunks + 1 + lineEnd + lines.reduce((sum, length) => sum + length, 0) + signature + 2;
}
