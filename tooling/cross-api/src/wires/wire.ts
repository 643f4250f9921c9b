import type { Retention } from '../../../../packages/b2-protocol/src/test-support/model/lock-model.ts';
import type { Mode } from '../customer-keys.ts';

/** Which API. */
export type WireName = 'b2' | 's3';

/** What became of an operation that may be refused. */
export type Result = { readonly done: true } | { readonly done: false; readonly why: string };
/** The same, of an operation that makes a version or begins one. */
export type Made = { readonly done: true; readonly fileId: string } | { readonly done: false; readonly why: string };

/** A bucket, as both APIs name it. */
export interface BucketNames {
  readonly bucketId: string;
  readonly name: string;
}

/** A version, as both APIs name it. */
export interface VersionNames {
  readonly fileId: string;
  readonly name: string;
  readonly mode: Mode;
}

/** A row of a listing of versions, as far as both show it. */
export interface ListedVersion {
  readonly name: string;
  readonly fileId: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly action: 'upload' | 'hide';
  readonly size: number;
}

/** A part as it is listed. */
type ListedPart = readonly [partNumber: number, size: number];

/** The key that a reader sends, which is the file's own unless a test says otherwise. */
interface ReadWith {
  readonly mode?: Mode;
}

/** What a reader gets. */
interface Reading {
  readonly status: number;
  readonly text: string;
}

/** The operations that both APIs have, in words of neither. */
export interface Wire {
  readonly name: WireName;
  /** Whether a name can be hidden that has nothing to be hidden. */
  readonly hidesAnything: boolean;
  createBucket(name: string, settings: { readonly encrypts: boolean; readonly locks: boolean }): Promise<Result>;
  setDefault(bucket: BucketNames, encrypts: boolean): Promise<void>;
  deleteBucket(bucket: BucketNames): Promise<Result>;
  put(bucket: BucketNames, name: string, data: string, mode: Mode): Promise<Made>;
  hide(bucket: BucketNames, name: string): Promise<Made>;
  copy(from: BucketNames, source: VersionNames, to: BucketNames, name: string, mode: Mode): Promise<Made>;
  deleteVersion(bucket: BucketNames, version: VersionNames, bypass: boolean): Promise<Result>;
  retain(bucket: BucketNames, version: VersionNames, retention: Retention | null, bypass: boolean): Promise<Result>;
  hold(bucket: BucketNames, version: VersionNames, hold: 'on' | 'off'): Promise<Result>;
  start(bucket: BucketNames, name: string, mode: Mode): Promise<Made>;
  part(bucket: BucketNames, file: VersionNames, partNumber: number, data: string): Promise<void>;
  copyPart(
    bucket: BucketNames,
    file: VersionNames,
    partNumber: number,
    source: VersionNames & { readonly bucket: BucketNames },
  ): Promise<void>;
  /** Finishes with all the parts there are, by their numbers. */
  finish(bucket: BucketNames, file: VersionNames, parts: ReadonlyMap<number, string>): Promise<Result>;
  cancel(bucket: BucketNames, file: VersionNames): Promise<void>;
  listBuckets(): Promise<readonly string[]>;
  /** All pages of a few rows each. */
  listVersions(bucket: BucketNames): Promise<readonly ListedVersion[]>;
  /** All pages of a few rows each, names and folders in order. */
  listNames(bucket: BucketNames, prefix: string, delimiter: string): Promise<readonly string[]>;
  listUnfinished(bucket: BucketNames): Promise<readonly string[]>;
  listParts(bucket: BucketNames, file: VersionNames): Promise<readonly ListedPart[]>;
  read(bucket: BucketNames, version: VersionNames, reading?: ReadWith): Promise<Reading>;
  /** What is current under a name. */
  readName(bucket: BucketNames, name: string, mode: Mode): Promise<Reading>;
  /** The lock of a version: mode and end of its retention, and its legal hold. */
  lockOf(bucket: BucketNames, version: VersionNames): Promise<readonly [string | null, number | null, string | null]>;
}
