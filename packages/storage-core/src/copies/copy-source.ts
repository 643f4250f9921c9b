import type { ByteRange } from '@coffer/bytes';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { getVersion } from '../records/find-version.ts';
import { openFile } from '../reads/open-file.ts';
import { maximumBlobSize } from '../core/options.ts';

import type { Plaintext } from '../data/plaintext.ts';
import { StorageError } from '../services/storage-error.ts';
import { shown } from '../encryption/checksums.ts';
import type { ContentSha1, CopySource, FileVersion, OpenFile } from '../services/storage.ts';

/** The data of a copy's source, opened; whoever holds it closes it. */
export interface OpenSource {
  readonly file: OpenFile;
  readonly plaintext: Plaintext;
}

/** Opens what is to be copied: checks the source's key and seal, clips the range, and refuses what is too large. */
export async function openSource(core: Core, source: CopySource, signal: AbortSignal | undefined): Promise<OpenSource> {
  const version = await getVersion(core, source.fileId);
  const file = await openFile(core, version, source.encryption);
  try {
    const range = clip(source.range, version.size);
    if (range.length > maximumBlobSize) throw failures.copySourceTooLarge(range.length);
    const claims = { sha1: claimOf(await shown(core, version), range) };
    const { length } = range;
    return { file, plaintext: { stream: file.read(range, signal), length, maximum: length, claims, signal } };
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Runs the copy of an opened source and closes it. A digest that is not the source's means that the source is damaged.
 */
export async function copying<T>({ file }: OpenSource, copy: () => Promise<T>): Promise<T> {
  try {
    return await copy();
  } catch (error) {
    const damaged = StorageError.is(error, 'checksum_mismatch');
    throw damaged ? failures.integrity(file.version.fileId, error) : error;
  } finally {
    file.close();
  }
}

function clip(range: CopySource['range'], size: number): ByteRange {
  if (range === undefined) return { start: 0, length: size };
  if (range.start < 0 || range.start >= size || range.end < range.start) throw failures.rangeNotSatisfiable(size);
  return { start: range.start, length: Math.min(range.end, size - 1) - range.start + 1 };
}

/**
 * What is known of the copy's SHA-1: a copy of a whole regular file has the SHA-1 of its source, if that is known; for
 * anything else it is computed.
 */
function claimOf({ contentSha1, size }: FileVersion, range: ByteRange): ContentSha1 {
  if (contentSha1 === null || range.length !== size) return { kind: 'computed' };
  return { kind: contentSha1.verified ? 'given' : 'unverified', sha1: contentSha1.sha1 };
}
