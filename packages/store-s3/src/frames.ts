import { crc32 } from 'node:zlib';
import type { ByteRange } from '@coffer/bytes';

/**
 * Blobs are stored in frames: up to {@link frameData} bytes of the blob, and 4 bytes of a CRC-32 that also covers the
 * blob's id, the frame's number and whether it is the last one. So whatever is read is checked, ranges too, whether or
 * not the store has checksums of its own: damaged bytes, bytes of another place or of another blob, and a blob that was
 * cut short are noticed.
 */
export const frameData = 65_536;
const checkLength = 4;
/** Bytes of a full frame in the store. */
export const frameLength: number = frameData + checkLength;

/** Bytes that a blob of `length` bytes has in the store. An empty blob is one frame of nothing. */
export function framedLength(length: number): number {
  return length + checkLength * Math.max(1, Math.ceil(length / frameData));
}

/** The length of a blob that has `stored` bytes in the store; undefined: no blob has so many. */
export function contentLength(stored: number): number | undefined {
  const frames = Math.ceil(stored / frameLength);
  const length = stored - checkLength * frames;
  return length >= 0 && framedLength(length) === stored ? length : undefined;
}

/** The frames that a range touches: numbers of the first and of the one behind the last. Not for an empty range. */
export function framesOf({ start, length }: ByteRange): { readonly first: number; readonly end: number } {
  return { first: Math.floor(start / frameData), end: Math.floor((start + length - 1) / frameData) + 1 };
}

/** The checks of one blob's frames. */
export class FrameChecks {
  readonly #blob: number;
  readonly #place = new DataView(new ArrayBuffer(9));
  readonly #placeBytes = new Uint8Array(this.#place.buffer);

  constructor(blobId: string) {
    this.#blob = crc32(`coffer blob ${blobId} `);
  }

  /** Writes the check of the `length` bytes at the beginning of `frame` behind them; returns the frame's length. */
  seal(frame: Uint8Array, length: number, index: number, isLast: boolean): number {
    viewOf(frame).setUint32(length, this.#check(frame.subarray(0, length), index, isLast));
    return length + checkLength;
  }

  /** The bytes in a frame, which are part of `frame`; undefined if it is not what was sealed. */
  open(frame: Uint8Array, index: number, isLast: boolean): Uint8Array | undefined {
    const length = frame.length - checkLength;
    if (length < 0) return undefined;
    const content = frame.subarray(0, length);
    return viewOf(frame).getUint32(length) === this.#check(content, index, isLast) ? content : undefined;
  }

  #check(content: Uint8Array, index: number, isLast: boolean): number {
    this.#place.setBigUint64(0, BigInt(index));
    this.#place.setUint8(8, isLast ? 1 : 0);
    return crc32(content, crc32(this.#placeBytes, this.#blob));
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
