/** Buffers of one length: how many may be in use before shorter ones are given out, and how many are kept for reuse. */
interface Tier {
  readonly length: number;
  readonly inUse: number;
  readonly kept: number;
}

/**
 * Memory for pieces of streams, used over and over again. Fresh memory for each piece is outside of the heap, and
 * collecting it costs a process that moves large files a fifth of its time; memory that was just used is also in the
 * processor's caches.
 *
 * The more buffers are in use, the shorter are those that are given out, so that very many streams at once do not take
 * very much memory. A buffer is one user's from `take` to `give`, and holds anything when it is taken. Who gives it
 * back must be done with it, whoever it was lent to: a socket, a file, another thread.
 */
export class BufferPool {
  readonly #tiers: readonly Tier[];
  readonly #free: Uint8Array[][];
  /** Those in use. */
  readonly #used = new Set<Uint8Array>();

  /** `tiers`: from the longest to the shortest; of the last, any number may be in use. */
  constructor(tiers: readonly Tier[]) {
    this.#tiers = tiers;
    this.#free = tiers.map(() => []);
  }

  /** How many buffers are in use. */
  get inUse(): number {
    return this.#used.size;
  }

  /** A buffer for the caller alone, of the longest length that there is one of. */
  take(): Uint8Array {
    const wanted = this.#tiers.findIndex(({ inUse }) => this.#used.size < inUse);
    const place = wanted < 0 ? this.#tiers.length - 1 : wanted;
    const buffer = this.#free[place]?.pop() ?? newBuffer(this.#tiers[place]?.length ?? 0);
    this.#used.add(buffer);
    return buffer;
  }

  /**
   * Takes a buffer back.
   *
   * @throws RangeError for what was not taken, or was given back already: it might be in two hands otherwise.
   */
  give(buffer: Uint8Array): void {
    if (!this.#used.delete(buffer)) throw new RangeError('The buffer is not in use');
    const place = this.#tiers.findIndex(({ length }) => length === buffer.length);
    const free = this.#free[place];
    if (free !== undefined && free.length < (this.#tiers[place]?.kept ?? 0)) free.push(buffer);
  }
}

/** Not zeroed: users write what they read. Not a part of Node's own pool, whose parts share memory with others. */
function newBuffer(length: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(length));
}

const kibibyte = 1024;

/**
 * The pool of this process, for pieces on their way from and to disks and sockets. Each length has room for 16, 4 or 1
 * chunks of 16 KiB with what encryption adds to them.
 */
export const pieceBuffers: BufferPool = new BufferPool([
  { length: 264 * kibibyte, inUse: 192, kept: 64 },
  { length: 72 * kibibyte, inUse: 1_024, kept: 64 },
  { length: 24 * kibibyte, inUse: Infinity, kept: 64 },
]);
