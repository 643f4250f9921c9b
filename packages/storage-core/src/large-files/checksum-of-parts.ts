import { CombinedCrc, createChecksum, type CrcAlgorithm } from '@coffer/checksums';
import { failures } from '../core/failures.ts';
import { Turns } from '../core/turns.ts';
import type { FilePart, FurtherChecksum } from '../services/storage.ts';

/** What a part of another length than the one before costs, counted in rows. */
const rowsPerLength = 20;

/** A part whose checksum goes into that of its file. */
export type ChecksummedPart = Pick<FilePart, 'fileId' | 'size' | 'furtherChecksum'>;

/**
 * The further checksum of a large file from those of its parts, in as many turns as it takes.
 *
 * @throws StorageError `integrity` for a part without one, which none is stored without.
 */
export async function checksumOfParts(
  algorithm: FurtherChecksum['algorithm'],
  of: FurtherChecksum['of'],
  parts: readonly ChecksummedPart[],
): Promise<Uint8Array> {
  return of === 'content' ? combined(algorithm as CrcAlgorithm, parts) : composite(algorithm, parts);
}

async function combined(algorithm: CrcAlgorithm, parts: readonly ChecksummedPart[]): Promise<Uint8Array> {
  const crc = new CombinedCrc(algorithm);
  const turns = new Turns();
  for (const [index, part] of parts.entries()) {
    crc.add(valueOf(part), part.size);
    await turns.handled(parts[index - 1]?.size === part.size ? 1 : rowsPerLength);
  }
  return crc.digest();
}

async function composite(
  algorithm: FurtherChecksum['algorithm'],
  parts: readonly ChecksummedPart[],
): Promise<Uint8Array> {
  const checksum = await createChecksum(algorithm);
  const turns = new Turns();
  for (const part of parts) {
    checksum.update(valueOf(part));
    await turns.handled(1);
  }
  return checksum.digest();
}

function valueOf({ fileId, furtherChecksum }: ChecksummedPart): Uint8Array {
  const value = furtherChecksum?.value ?? null;
  if (value === null) throw failures.integrity(fileId);
  return value;
}
