import { frameData, frameLength, type FrameChecks } from './frames.ts';

/**
 * Puts a blob into frames, in one buffer after the other. A full frame is sealed only when it is known whether it is
 * the last one: when there is more, or nothing more.
 */
export class PartWriter {
  readonly #checks: FrameChecks;
  #buffer: Uint8Array;
  /** Where the frame that is being filled begins, its number in the blob, and how many bytes of the blob it has. */
  #at = 0;
  #index = 0;
  #filled = 0;
  /** Bytes of the blob in all frames before. */
  #before = 0;

  /** `buffer`: room for a number of whole frames, as all other buffers. */
  constructor(checks: FrameChecks, buffer: Uint8Array) {
    this.#checks = checks;
    this.#buffer = buffer;
  }

  get buffer(): Uint8Array {
    return this.#buffer;
  }

  /** Bytes of the blob so far. */
  get length(): number {
    return this.#before + this.#filled;
  }

  /** Whether the next byte needs another buffer. */
  get isFull(): boolean {
    return this.#filled === frameData && this.#at + frameLength === this.#buffer.length;
  }

  /** Where the next bytes go, behind a full frame too. Only if not full. */
  room(): Uint8Array {
    const [frame, filled] = this.#filled === frameData ? [this.#at + frameLength, 0] : [this.#at, this.#filled];
    return this.#buffer.subarray(frame + filled, frame + frameData);
  }

  /** That many bytes, at least one, were put into the room. So the full frame before them is not the last one. */
  advance(count: number): void {
    if (this.#filled === frameData) this.#seal(false);
    this.#filled += count;
  }

  /** Goes on in a longer buffer, with what there is. */
  move(longer: Uint8Array): void {
    longer.set(this.#buffer.subarray(0, this.#at + this.#filled));
    this.#buffer = longer;
  }

  /** Ends the part, and goes on in another buffer if there is one. The part's bytes are in the buffer so far. */
  take(next: Uint8Array | undefined): Uint8Array {
    const end = this.#seal(next === undefined);
    const part = this.#buffer.subarray(0, end);
    this.#at = 0;
    if (next !== undefined) this.#buffer = next;
    return part;
  }

  /** Returns where the frame ends. */
  #seal(isLast: boolean): number {
    const frame = this.#buffer.subarray(this.#at, this.#at + frameLength);
    this.#at += this.#checks.seal(frame, this.#filled, this.#index++, isLast);
    this.#before += this.#filled;
    this.#filled = 0;
    return this.#at;
  }
}
