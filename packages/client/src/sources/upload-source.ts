import { fromWebStream, rechunk, streamOf, type ByteStream } from '@coffer/bytes';
import { blobStream } from './sha1-of.ts';

/** What can be uploaded: bytes, a file of a browser, or a stream, which is read once. */
export type UploadData = Uint8Array | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Data that can be read as often as needed, at any place, and whose length is known. */
export type UploadBody = Uint8Array | Blob;

/** One part of a large file: its number, counted from 1, and its bytes. */
export interface SourcePart {
  readonly number: number;
  readonly body: UploadBody;
}

/** Whether the data can be read more than once. */
export function isPlaced(data: UploadData): data is UploadBody {
  return data instanceof Uint8Array || data instanceof Blob;
}

/** Bytes of the data. */
export function sizeOf(data: UploadBody): number {
  return data instanceof Uint8Array ? data.length : data.size;
}

/** The data in parts of one size, of which the last may be smaller. Nothing is copied. */
export function* placedParts(data: UploadBody, partSize: number): Generator<SourcePart, void> {
  const size = sizeOf(data);
  for (let start = 0, number = 1; start < size; start += partSize, number++) {
    const end = Math.min(size, start + partSize);
    yield { number, body: data instanceof Uint8Array ? data.subarray(start, end) : data.slice(start, end) };
  }
}

/** The bytes of a stream in parts of one size, each read when it is asked for. */
export async function* streamedParts(
  data: Exclude<UploadData, UploadBody>,
  partSize: number,
): AsyncGenerator<SourcePart, void> {
  let number = 1;
  for await (const body of rechunk(byteStream(data), partSize)) yield { number: number++, body };
}

/** Any data as a byte stream. */
export function byteStream(data: UploadData): ByteStream {
  if (data instanceof Blob) return fromWebStream(blobStream(data));
  if (data instanceof Uint8Array) return streamOf(data);
  // Not all browsers can iterate over Web streams.
  return 'getReader' in data ? fromWebStream(data) : data;
}
