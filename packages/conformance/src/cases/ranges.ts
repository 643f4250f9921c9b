import type { Content } from '../model/content.ts';

/** A range of a content, as it is asked for and as it has to come. */
export interface TriedRange {
  readonly id: string;
  readonly header: string;
  readonly from: number;
  readonly to: number;
  readonly about: string;
}

/** Longer than three chunks of 16 KiB, a size in which many servers encrypt, and no multiple of anything. */
export const rangedSize = 50_001;
export const rangedContent: Content = { size: rangedSize, seed: 11 };

const last = rangedSize - 1;

export const triedRanges: readonly TriedRange[] = [
  { id: 'first-byte', header: 'bytes=0-0', from: 0, to: 0, about: 'the first byte' },
  { id: 'before-16k', header: 'bytes=16383-16383', from: 16383, to: 16383, about: 'the last byte before 16 KiB' },
  { id: 'at-16k', header: 'bytes=16384-16384', from: 16384, to: 16384, about: 'the first byte behind 16 KiB' },
  { id: 'over-16k', header: 'bytes=16380-16390', from: 16380, to: 16390, about: 'some bytes around 16 KiB' },
  { id: 'one-chunk', header: 'bytes=16384-32767', from: 16384, to: 32767, about: 'exactly 16 KiB at 16 KiB' },
  { id: 'three-chunks', header: 'bytes=16000-33000', from: 16000, to: 33000, about: 'a range over two borders' },
  { id: 'open-end', header: 'bytes=32769-', from: 32769, to: last, about: 'all from a byte on' },
  { id: 'suffix', header: 'bytes=-1', from: last, to: last, about: 'the last byte' },
  {
    id: 'clipped',
    header: 'bytes=49990-60000',
    from: 49990,
    to: last,
    about: 'a range beyond the end, which is clipped',
  },
];

/** Sizes at which an encrypting server may stumble. */
export const triedSizes = [0, 1, 16_383, 16_384, 16_385, 65_536] as const;
