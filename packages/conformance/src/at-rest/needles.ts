import { open } from 'node:fs/promises';

/** Bytes to look for, and whose they are. */
export interface Needle {
  readonly owner: string;
  readonly bytes: Uint8Array;
}

/** What is looked for: as one needle, or content that is cut into many. */
export interface Sought extends Needle {
  readonly isCut: boolean;
}

/** Bytes that every needle has at least, and by which it is found. */
export const needleLength = 16;
/** Bytes that are searched before other work, such as an interruption, gets its turn. */
const chunk = 1024 * 1024;
/** What has fewer different bytes, such as zeros, is found everywhere. */
const leastVariety = 6;

/** Content in needles, one at every 16th byte: whoever stores 31 bytes of it in a row stores one of them. */
export function cut(owner: string, bytes: Uint8Array): Sought {
  return { owner, bytes, isCut: true };
}

/** Bytes that are found only as a whole. */
export function whole(owner: string, bytes: Uint8Array): Sought {
  return { owner, bytes, isCut: false };
}

/** Many needles, which are looked for all at once, at every byte. Millions of them are numbers, and no objects. */
export class NeedleSearch {
  readonly #sought: readonly Sought[];
  /** Of each needle: which of the sought it is of, and where in it. */
  readonly #source: Int32Array;
  readonly #offset: Int32Array;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  readonly #mask: number;
  readonly #longest: number;
  #size = 0;

  private constructor(sought: readonly Sought[]) {
    const most = sought.reduce((sum, one) => sum + needlesIn(one), 0);
    const slots = 2 ** Math.ceil(Math.log2(Math.max(most, 1) * 4 + 1024));
    this.#sought = sought;
    this.#mask = slots - 1;
    this.#heads = new Int32Array(slots).fill(-1);
    [this.#next, this.#source, this.#offset] = [new Int32Array(most), new Int32Array(most), new Int32Array(most)];
    this.#longest = sought.reduce((longest, one) => Math.max(longest, lengthOf(one)), needleLength);
  }

  /** For little, such as what is stored of one file. */
  static of(sought: readonly Sought[]): NeedleSearch {
    const search = new NeedleSearch(sought);
    for (const index of sought.keys()) search.#add(index);
    return search;
  }

  /** For much: `turn` is called, and waited for, before each of the sought. */
  static async ofMany(sought: readonly Sought[], turn: () => Promise<void>): Promise<NeedleSearch> {
    const search = new NeedleSearch(sought);
    for (const index of sought.keys()) {
      await turn();
      search.#add(index);
    }
    return search;
  }

  /** How many different needles there are. */
  get size(): number {
    return this.#size;
  }

  /** Calls for each place of the bytes from which on a needle is. */
  find(bytes: Uint8Array, onFound: (needle: Needle, at: number) => void): void {
    const last = bytes.length - needleLength;
    for (let at = 0; at <= last; at++) {
      let index = this.#heads[hash(bytes, at) & this.#mask] ?? -1;
      for (; index >= 0; index = this.#next[index] ?? -1) {
        const sought = this.#sought[this.#source[index] ?? 0];
        if (sought === undefined || !this.#isAt(index, bytes, at)) continue;
        onFound({ owner: sought.owner, bytes: bytes.subarray(at, at + lengthOf(sought)) }, at);
      }
    }
  }

  /** The same in a file, without reading it whole; `turn` is called, and waited for, before each piece of it. */
  async findInFile(
    path: string,
    turn: () => Promise<void>,
    onFound: (needle: Needle, at: number) => void,
  ): Promise<void> {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(chunk + this.#longest - 1);
      let [start, kept] = [0, 0];
      for (;;) {
        await turn();
        const { bytesRead } = await file.read(buffer, kept, buffer.length - kept);
        const filled = kept + bytesRead;
        const overlap = bytesRead === 0 ? 0 : Math.min(filled, this.#longest - 1);
        // What begins in the overlap is found with what follows it.
        const begun = start;
        this.find(buffer.subarray(0, filled), (needle, at) => {
          if (at < filled - overlap) onFound(needle, begun + at);
        });
        if (bytesRead === 0) return;
        buffer.copyWithin(0, filled - overlap, filled);
        start += filled - overlap;
        kept = overlap;
      }
    } finally {
      await file.close();
    }
  }

  #add(source: number): void {
    const sought = this.#sought[source];
    if (sought === undefined) return;
    const { bytes, isCut } = sought;
    const length = lengthOf(sought);
    for (let at = 0; at + length <= bytes.length && (isCut || at === 0); at += length) {
      if (hasLittleVariety(bytes, at, length)) continue;
      const slot = hash(bytes, at) & this.#mask;
      if (this.#isKnown(slot, sought.owner, bytes, at, length)) continue;
      const index = this.#size++;
      this.#source[index] = source;
      this.#offset[index] = at;
      this.#next[index] = this.#heads[slot] ?? -1;
      this.#heads[slot] = index;
    }
  }

  #isKnown(slot: number, owner: string, bytes: Uint8Array, at: number, length: number): boolean {
    for (let index = this.#heads[slot] ?? -1; index >= 0; index = this.#next[index] ?? -1) {
      const other = this.#sought[this.#source[index] ?? 0];
      if (other?.owner === owner && lengthOf(other) === length && this.#isAt(index, bytes, at)) return true;
    }
    return false;
  }

  #isAt(index: number, bytes: Uint8Array, at: number): boolean {
    const sought = this.#sought[this.#source[index] ?? 0];
    return sought !== undefined && isAt(bytes, at, sought.bytes, this.#offset[index] ?? 0, lengthOf(sought));
  }
}

/** Bytes of each needle of what is sought. */
function lengthOf({ bytes, isCut }: Sought): number {
  return isCut ? needleLength : bytes.length;
}

function needlesIn({ bytes, isCut }: Sought): number {
  return isCut ? Math.floor(bytes.length / needleLength) : 1;
}

function hasLittleVariety(bytes: Uint8Array, from: number, length: number): boolean {
  let different = 0;
  for (let at = from; at < from + length; at++) {
    if (bytes.indexOf(bytes[at] ?? 0, from) === at && ++different === leastVariety) return false;
  }
  return true;
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

function hash(bytes: Uint8Array, at: number): number {
  const mixed = Math.imul(word(bytes, at), 0x9e3779b1) ^ Math.imul(word(bytes, at + 8), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function isAt(bytes: Uint8Array, at: number, wanted: Uint8Array, from: number, length: number): boolean {
  if (at + length > bytes.length) return false;
  for (let index = 0; index < length; index++) if (bytes[at + index] !== wanted[from + index]) return false;
  return true;
}
