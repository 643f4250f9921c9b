import type { StorageMode } from './mode.ts';

/** By what a stored file is read again. */
export interface FileHandle {
  readonly name: string;
  /** Id of the file or of the version; undefined where the endpoint keeps none. */
  readonly version: string | undefined;
}

/** What a download gave. */
export interface Reading {
  readonly status: number;
  readonly ok: boolean;
  readonly code: string | undefined;
  readonly body: Uint8Array;
  /** Whether the connection ended before the body did. */
  readonly cut: boolean;
}

/** Bytes of a file from `first` to `last`, that one included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** A large file, or a multipart upload, that is being written. */
export interface LargeUpload {
  /** A number that was there already is replaced. */
  readonly part: (number: number, content: Uint8Array) => Promise<void>;
  readonly finish: () => Promise<FileHandle>;
}

/**
 * The files of an endpoint, in one bucket of the run. All methods throw `ConformanceError`: `connection` where there is
 * no answer, `setup` where what the run needs is refused.
 */
export interface FileService {
  /** Authorizes; anew after each start of the server. */
  readonly connect: () => Promise<void>;
  readonly makeBucket: () => Promise<void>;
  /** Smallest part of a large file but the last, in bytes, once connected. */
  readonly minimumPart: () => number;
  readonly put: (name: string, content: Uint8Array, mode: StorageMode) => Promise<FileHandle>;
  readonly startLarge: (name: string, mode: StorageMode) => Promise<LargeUpload>;
  /** A refusal is a reading, too. */
  readonly get: (file: FileHandle, mode: StorageMode, range?: Range) => Promise<Reading>;
  /** Forgets the secret. */
  readonly close: () => void;
}

/** What of a run the services of both protocols need. */
export interface RunKeys {
  readonly bucket: string;
  /** For SSE-C, in base64. */
  readonly customerKey: { readonly key: string; readonly md5: string };
}

/** The header of a range; none without one. */
export function rangeHeader(range: Range | undefined): Readonly<Record<string, string>> {
  return range === undefined ? {} : { Range: `bytes=${range.first}-${range.last}` };
}
