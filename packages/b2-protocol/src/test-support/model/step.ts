import { fc } from '@fast-check/vitest';
import type { Mode } from './model.ts';

/** One operation of a script. Numbers choose among what there is at that moment, so that every script can be run and shortened. */
export type Step =
  | { readonly do: 'create bucket'; readonly bucket: number; readonly encrypts: boolean }
  | { readonly do: 'set default'; readonly bucket: number; readonly encrypts: boolean }
  | { readonly do: 'delete bucket'; readonly bucket: number }
  | {
      readonly do: 'upload';
      readonly bucket: number;
      readonly name: number;
      readonly size: number;
      readonly mode: Mode;
    }
  | { readonly do: 'hide'; readonly bucket: number; readonly name: number }
  | { readonly do: 'delete version'; readonly bucket: number; readonly version: number }
  | {
      readonly do: 'start';
      readonly bucket: number;
      readonly name: number;
      readonly mode: Mode;
      readonly filled: boolean;
    }
  | {
      readonly do: 'part';
      readonly bucket: number;
      readonly file: number;
      readonly part: number;
      readonly size: number;
    }
  | { readonly do: 'finish'; readonly bucket: number; readonly file: number }
  | { readonly do: 'cancel'; readonly bucket: number; readonly file: number }
  | {
      readonly do: 'copy';
      readonly bucket: number;
      readonly version: number;
      readonly to: number;
      readonly name: number;
      readonly mode: Mode;
      readonly range: boolean;
    }
  | { readonly do: 'create key'; readonly name: number }
  | { readonly do: 'delete key'; readonly key: number };

/** Folders, and names whose order differs between UTF-8 and UTF-16. */
export const names = ['a', 'a/b', 'a/c', 'a/c/d', 'b', 'ä/x', '\u{10400}', '\uffee'] as const;
export const bucketNames = ['first-bucket', 'Second-Bucket', 'third-bucket'] as const;

// Mostly the same few, so that operations meet.
const index = fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, fc.nat(20));
const mode = fc.constantFrom<Mode>('none', 'SSE-B2', 'SSE-C 1', 'SSE-C 2');
// Below, at and above the threshold for inline blobs, and around a chunk.
const size = fc.constantFrom(0, 1, 40, 41, 300, 16_383, 16_384, 16_385);
const bucket = fc.constantFrom(0, 0, 0, 0, 1, 2);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('create bucket' as const), bucket, encrypts: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set default' as const), bucket, encrypts: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete bucket' as const), bucket }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('upload' as const), bucket, name: index, size, mode }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hide' as const), bucket, name: index }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete version' as const), bucket, version: index }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('start' as const), bucket, name: index, mode, filled: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('part' as const),
      bucket,
      file: index,
      part: fc.integer({ min: 1, max: 3 }),
      size,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('finish' as const), bucket, file: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), bucket, file: index }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('copy' as const),
      ...{ bucket, version: index, to: index, name: index, mode, range: fc.boolean() },
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('create key' as const), name: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete key' as const), key: index }) },
);

/** Starts with a bucket, so that short scripts do something. */
export const scripts: fc.Arbitrary<readonly Step[]> = fc
  .array(step, { maxLength: 40, size: 'max' })
  .map((steps) => [{ do: 'create bucket', bucket: 0, encrypts: false }, ...steps]);
