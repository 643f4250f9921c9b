import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { storeFailure } from '../store-failure.ts';

const windowLength = 1024 * 1024;

/**
 * An LMDB data file that is read without a memory map: where a map would end the process with SIGBUS, this throws an
 * error. Reads are synchronous.
 */
export class PageFile {
  readonly #descriptor: number;
  #window: { readonly start: number; readonly bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) };

  /** @throws StoreError `io`. */
  constructor(path: string) {
    this.#descriptor = attemptSync(() => openSync(path, 'r'));
  }

  /** Bytes. */
  get size(): number {
    return attemptSync(() => fstatSync(this.#descriptor).size);
  }

  /** Up to `length` bytes; fewer at the end of the file. They are valid until the next read. */
  read(position: number, length: number): Uint8Array {
    const { start, bytes } = this.#window;
    const end = position + length;
    if (position >= start && end <= start + bytes.length) return bytes.subarray(position - start, end - start);
    const fresh = this.#readFresh(position, Math.max(length, windowLength));
    this.#window = { start: position, bytes: fresh };
    return fresh.subarray(0, length);
  }

  /** Drops what was read, so that it is read again from the file. */
  forget(): void {
    this.#window = { start: 0, bytes: new Uint8Array(0) };
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #readFresh(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let filled = 0;
    for (;;) {
      const count = attemptSync(() => readSync(this.#descriptor, bytes, filled, length - filled, position + filled));
      filled += count;
      if (count === 0 || filled === length) return bytes.subarray(0, filled);
    }
  }
}

function attemptSync<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw storeFailure('Reading the metadata', error);
  }
}
