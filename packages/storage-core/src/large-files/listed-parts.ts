import { constantTimeEqual } from '@coffer/bytes';
import type { FileVersionRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { maximumPartNumber } from '../core/options.ts';
import { Turns } from '../core/turns.ts';
import type { Completion, FilePart, ListedPart } from '../services/storage.ts';
import { checksumOfParts, type ChecksummedPart } from './checksum-of-parts.ts';

/** @throws StorageError `invalid` for a list that no large file can be finished with. */
export function requirePossibleList(listed: readonly ListedPart[]): void {
  if (listed.length < 1 || listed.length > maximumPartNumber)
    throw failures.invalid('parts', `A large file has 1 to ${maximumPartNumber} parts`);
  let previous = 0;
  for (const { partNumber } of listed) {
    if (!Number.isInteger(partNumber) || partNumber <= previous)
      throw failures.invalid('parts', 'The list of parts is not in ascending order of their numbers');
    previous = partNumber;
  }
}

/**
 * Of the uploaded parts those that are listed, in their order.
 *
 * @throws StorageError `part_missing`, `part_tag_mismatch`, `part_too_small`, in this order.
 */
export function chooseListed(core: Core, uploaded: readonly FilePart[], listed: readonly ListedPart[]): FilePart[] {
  const byNumber = new Map(uploaded.map((part) => [part.partNumber, part]));
  const chosen = listed.map(({ partNumber, entityTag }) => {
    const part = byNumber.get(partNumber);
    if (part === undefined) throw failures.partMissing(partNumber);
    if (part.entityTag !== entityTag) throw failures.partTagMismatch(partNumber);
    return part;
  });
  const { minimumPartSize } = core.options;
  const small = chosen.slice(0, -1).find(({ size }) => size < minimumPartSize);
  if (small !== undefined) throw failures.partTooSmall(small, minimumPartSize);
  return chosen;
}

type CheckedPart = ChecksummedPart & Pick<FilePart, 'partNumber'>;

/**
 * Compares what was said of the checksums of the parts, of the size and of the checksum of the whole. `parts` are those
 * that are listed.
 */
export async function requireStated(
  { checksums: { further } }: FileVersionRecord,
  parts: readonly CheckedPart[],
  listed: readonly ListedPart[],
  { size, furtherChecksum }: Completion,
): Promise<void> {
  await requirePartChecksums(parts, listed, further?.of === 'parts');
  const actual = parts.reduce((sum, part) => sum + part.size, 0);
  if (size !== undefined && size !== actual) throw failures.sizeMismatch(size, actual);
  if (furtherChecksum !== undefined) await requireChecksumOfWhole(further, parts, furtherChecksum);
}

async function requirePartChecksums(
  parts: readonly CheckedPart[],
  listed: readonly ListedPart[],
  areNeeded: boolean,
): Promise<void> {
  const turns = new Turns();
  for (const [index, { partNumber, furtherChecksum }] of parts.entries()) {
    const stated = listed[index]?.furtherChecksum;
    if (stated === undefined && areNeeded) throw failures.partChecksumMissing(partNumber);
    const value = furtherChecksum?.value ?? null;
    if (stated !== undefined && (value === null || !constantTimeEqual(stated, value)))
      throw failures.partChecksumMismatch(partNumber);
    await turns.handled(1);
  }
}

async function requireChecksumOfWhole(
  started: FileVersionRecord['checksums']['further'],
  parts: readonly CheckedPart[],
  { algorithm, of, value }: NonNullable<Completion['furtherChecksum']>,
): Promise<void> {
  const isOfFile = started === undefined ? haveAll(parts, algorithm, of) : isSameKind(started, { algorithm, of });
  if (!isOfFile) throw failures.invalid('furtherChecksum', `The file has no ${algorithm} of its ${of}`);
  if (!constantTimeEqual(await checksumOfParts(algorithm, of, parts), value))
    throw failures.checksumMismatch(algorithm);
}

type Kind = Pick<NonNullable<Completion['furtherChecksum']>, 'algorithm' | 'of'>;

function isSameKind(one: Kind, other: Kind): boolean {
  return one.algorithm === other.algorithm && one.of === other.of;
}

/** Whether the CRC of the content follows from those of the parts, though the file was started without one. */
function haveAll(parts: readonly CheckedPart[], algorithm: Kind['algorithm'], of: Kind['of']): boolean {
  const isCrc = algorithm.startsWith('CRC') && of === 'content';
  return isCrc && parts.every(({ furtherChecksum }) => furtherChecksum?.algorithm === algorithm);
}
