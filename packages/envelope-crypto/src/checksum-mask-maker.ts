import { hash } from 'node:crypto';
import type { SecretBytes } from '@coffer/bytes';
import type { ChecksumMasks } from './checksum-masks.ts';

const label = 'coffer/checksum/v1\0';
/** Of SHA-512. */
const blockLength = 128;
const digestLength = 64;
const idStart = blockLength + label.length;
const pads = { inner: 0x36, outer: 0x5c };

/**
 * HMAC-SHA-512 with one key over many short messages, out of two digests each as RFC 2104 says: `createHmac` makes an
 * object for each, which takes twice as long, and a page of a listing has a thousand.
 */
export class ChecksumMaskMaker implements ChecksumMasks {
  #inner: Buffer;
  /** The inner message of an id as long as the last one, over the same memory. */
  #message: Buffer;
  readonly #outer: Buffer;
  readonly #mask = Buffer.alloc(digestLength);

  /** `key` has 32 bytes and stays the caller's to wipe. */
  constructor(key: SecretBytes) {
    // Buffer.alloc takes nothing from the pool, whose memory lives on.
    this.#inner = Buffer.alloc(blockLength + label.length + digestLength).fill(pads.inner, 0, blockLength);
    this.#inner.write(label, blockLength, 'latin1');
    this.#outer = Buffer.alloc(blockLength + digestLength).fill(pads.outer, 0, blockLength);
    this.#message = this.#inner;
    key.expose((bytes) => {
      for (const [at, byte] of bytes.entries()) {
        this.#inner[at] = pads.inner ^ byte;
        this.#outer[at] = pads.outer ^ byte;
      }
    });
  }

  maskOf(blobId: string): Uint8Array {
    const end = idStart + blobId.length;
    if (end > this.#inner.length) this.#growTo(end);
    // A page of a listing asks for a thousand masks, so nothing is made again that is as it was.
    if (end !== this.#message.length) this.#message = this.#inner.subarray(0, end);
    this.#inner.write(blobId, idStart, 'latin1');
    this.#outer.write(hash('sha512', this.#message, 'binary'), blockLength, 'latin1');
    this.#mask.write(hash('sha512', this.#outer, 'binary'), 0, 'latin1');
    return this.#mask;
  }

  /** Zeroes what was made of the key. */
  wipe(): void {
    this.#inner.fill(0);
    this.#outer.fill(0);
    this.#mask.fill(0);
  }

  #growTo(length: number): void {
    const larger = Buffer.alloc(length);
    larger.set(this.#inner);
    this.#inner.fill(0);
    this.#inner = larger;
  }
}
