import { open } from 'node:fs/promises';

/** Bytes to look for, and whose they are. */
export interface Needle {
  readonly owner: string;
  readonly bytes: Uint8Array;
}

/** Bytes that every needle has at least, and by which it is found. */
export const needleLength = 16;
const chunk = 4 * 1024 * 1024;
/** What has fewer different bytes, such as zeros, is found everywhere. */
const leastVariety = 6;

/** Cuts content into needles, one at every 16th byte: whoever stores 31 bytes of it in a row stores one of them. */
export function needlesOf(owner: string, content: Uint8Array): readonly Needle[] {
  const needles: Needle[] = [];
  for (let at = 0; at + needleLength <= content.length; at += needleLength)
    needles.push({ owner, bytes: content.subarray(at, at + needleLength) });
  return needles;
}

/** Many needles, which are looked for all at once, at every byte. */
export class NeedleSearch {
  readonly #needles: Needle[] = [];
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  readonly #mask: number;
  readonly #longest: number;

  constructor(needles: readonly Needle[]) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(needles.length, 1) * 4 + 1024));
    this.#mask = slots - 1;
    this.#heads = new Int32Array(slots).fill(-1);
    this.#next = new Int32Array(needles.length);
    for (const needle of needles) this.#add(needle);
    this.#longest = needles.reduce((most, { bytes }) => Math.max(most, bytes.length), needleLength);
  }

  /** How many different needles there are. */
  get size(): number {
    return this.#needles.length;
  }

  /** Calls for each place of the bytes from which on a needle is. */
  find(bytes: Uint8Array, onFound: (needle: Needle, at: number) => void): void {
    const last = bytes.length - needleLength;
    for (let at = 0; at <= last; at++) {
      let index = this.#heads[hash(bytes, at) & this.#mask] ?? -1;
      for (; index >= 0; index = this.#next[index] ?? -1) {
        const needle = this.#needles[index];
        if (needle !== undefined && isAt(bytes, at, needle.bytes)) onFound(needle, at);
      }
    }
  }

  /** The same in a file, without reading it whole. */
  async findInFile(path: string, onFound: (needle: Needle, at: number) => void): Promise<void> {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(chunk + this.#longest - 1);
      let [start, kept] = [0, 0];
      for (;;) {
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

  #add(needle: Needle): void {
    const { bytes, owner } = needle;
    if (new Set(bytes).size < leastVariety) return;
    const slot = hash(bytes, 0) & this.#mask;
    for (let index = this.#heads[slot] ?? -1; index >= 0; index = this.#next[index] ?? -1) {
      const other = this.#needles[index];
      if (other?.owner === owner && Buffer.compare(other.bytes, bytes) === 0) return;
    }
    const index = this.#needles.push(needle) - 1;
    this.#next[index] = this.#heads[slot] ?? -1;
    this.#heads[slot] = index;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

function hash(bytes: Uint8Array, at: number): number {
  const mixed = Math.imul(word(bytes, at), 0x9e3779b1) ^ Math.imul(word(bytes, at + 8), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function isAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  if (at + wanted.length > bytes.length) return false;
  for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}
