import { decodeHex } from '@coffer/bytes';
import {
  EnvelopeError,
  maskChecksums,
  maskFurther,
  unmaskedHex,
  type ChecksumMasks,
  type ShownChecksums,
} from '@coffer/envelope-crypto';
import type {
  ChecksumAlgorithm,
  FileVersionRecord,
  PartRecord,
  StoredChecksums,
  StoredFurtherChecksum,
  StoredSha1,
} from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { nextTurn, rowsPerTurn } from '../core/turns.ts';
import type { FilePart, FileVersion, FurtherChecksum } from '../services/storage.ts';
import { blobEntityTag } from './blob-entity-tag.ts';
import type { UnsealedEncryption } from './file-encryption.ts';

type Keys = Pick<Core, 'keys'>;

/** Digests of a plaintext, which are not to be stored of encrypted data. */
export interface Digests {
  readonly sha1: StoredSha1 | null;
  /** Lower-case hexadecimal. */
  readonly md5: string | null;
}

/** Of what has no data, or is made up of parts that have checksums of their own. */
export const noChecksums: StoredChecksums = { sha1: null, sha1Verified: false, md5: null };
const noDigests: Digests = { sha1: null, md5: null };

/** The digests of a blob as they are stored: masked under the file's global key if it is encrypted. */
export async function storedChecksums(
  { keys }: Keys,
  { mode, globalKeyId }: UnsealedEncryption,
  blobId: string,
  { sha1, md5, further }: Digests & { readonly further: { algorithm: ChecksumAlgorithm; value: Uint8Array } | null },
): Promise<StoredChecksums> {
  const plain: StoredChecksums = {
    sha1: bytesOf(sha1?.sha1),
    sha1Verified: sha1?.verified ?? false,
    md5: bytesOf(md5 ?? undefined),
    ...(further !== null && { further: { ...further, of: 'content' } as const }),
  };
  return mode === 'none' ? plain : maskChecksums(await keys.checksumMasks(globalKeyId), blobId, plain);
}

/** The digests of a blob that belongs to a file with this encryption; none where its global key is not there. */
export async function digestsOf(
  core: Keys,
  encryption: UnsealedEncryption,
  blobId: string,
  checksums: StoredChecksums,
): Promise<Digests> {
  return unmasked(await digestMasks(core, encryption, checksums), blobId, checksums);
}

/** A version as it is shown. */
export async function shown(core: Keys, record: FileVersionRecord): Promise<FileVersion> {
  return shownWith(await digestMasks(core, record.encryption, record.checksums), record);
}

/** What is stored of a version that was shown. */
export function recordOf(version: FileVersionRecord | FileVersion): FileVersionRecord {
  const { contentSha1: _, contentMd5: __, ...record } = version as FileVersion;
  return record;
}

/** Versions as they are shown, in as many turns as it takes. */
export async function allShown(core: Keys, records: readonly FileVersionRecord[]): Promise<FileVersion[]> {
  return inTurns(records, async (some) => {
    const masks = await masksByKey(core, some);
    return some.map((record) => shownWith(masks.get(record.encryption.globalKeyId), record));
  });
}

/** What a part has to tell to be shown. */
type AnyPart = Pick<PartRecord, 'fileId' | 'blobId' | 'checksums'>;
/** A part with its digests. */
type Shown<Part> = Part & Pick<FilePart, 'contentSha1' | 'contentMd5' | 'entityTag' | 'furtherChecksum'>;

/** A part of a large file with this encryption, as it is shown. */
export async function shownPart(core: Keys, encryption: UnsealedEncryption, part: PartRecord): Promise<FilePart> {
  return partWith(await digestMasks(core, encryption, part.checksums), encryption, part);
}

/** Parts as {@link shownPart}, in as many turns as it takes. */
export async function allShownParts<Part extends AnyPart>(
  core: Keys,
  encryption: UnsealedEncryption,
  parts: readonly Part[],
): Promise<Shown<Part>[]> {
  return inTurns(parts, async (some) => {
    const masks = await digestMasks(core, encryption, some[0]?.checksums ?? noChecksums);
    return some.map((part) => partWith(masks, encryption, part));
  });
}

export type Masks = ChecksumMasks | 'plain' | undefined;

/** What checksums are unmasked with; undefined where the global key is not there. */
export async function masksFor({ keys }: Keys, { mode, globalKeyId }: UnsealedEncryption): Promise<Masks> {
  if (mode === 'none') return 'plain';
  try {
    return await keys.checksumMasks(globalKeyId);
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined;
    throw error;
  }
}

async function digestMasks(core: Keys, encryption: UnsealedEncryption, { sha1, md5 }: StoredChecksums): Promise<Masks> {
  return sha1 === null && md5 === null ? 'plain' : masksFor(core, encryption);
}

async function masksByKey(core: Keys, records: readonly FileVersionRecord[]): Promise<ReadonlyMap<string, Masks>> {
  const masks = new Map<string, Masks>();
  for (const { encryption, checksums } of records) {
    const known = masks.get(encryption.globalKeyId);
    if (encryption.mode === 'none' || checksums.sha1 === null || (known !== undefined && known !== 'plain')) continue;
    masks.set(encryption.globalKeyId, await digestMasks(core, encryption, checksums));
  }
  return masks;
}

function shownWith(masks: Masks, record: FileVersionRecord): FileVersion {
  const { encryption, blobId, checksums } = record;
  const { sha1, md5 } =
    blobId === null ? noDigests : unmasked(encryption.mode === 'none' ? 'plain' : masks, blobId, checksums);
  return withDigests(record, sha1, md5);
}

/**
 * A version whose digests are known, as it is shown. Field by field, which takes a seventh of the time of spreading a
 * record that was just decoded, and listings have many.
 */
export function withDigests(
  record: FileVersionRecord,
  contentSha1: StoredSha1 | null,
  contentMd5: string | null,
): FileVersion {
  return {
    fileId: record.fileId,
    accountId: record.accountId,
    bucketId: record.bucketId,
    name: record.name,
    action: record.action,
    uploadTimestamp: record.uploadTimestamp,
    size: record.size,
    contentType: record.contentType,
    checksums: record.checksums,
    ...(record.entityTag !== undefined && { entityTag: record.entityTag }),
    fileInfo: record.fileInfo,
    encryption: record.encryption,
    blobId: record.blobId,
    blobCheck: record.blobCheck,
    partCount: record.partCount,
    retention: record.retention,
    legalHold: record.legalHold,
    committedAt: record.committedAt,
    contentSha1,
    contentMd5,
  };
}

/** @throws StorageError `integrity` for a part without a SHA-1, which none is stored without. */
function partWith<Part extends AnyPart>(masks: Masks, { mode }: UnsealedEncryption, part: Part): Shown<Part> {
  const { sha1, md5 } = unmasked(masks, part.blobId, part.checksums);
  if (sha1 === null) throw failures.integrity(part.fileId);
  return {
    ...part,
    contentSha1: sha1,
    contentMd5: md5,
    entityTag: blobEntityTag(mode, part.blobId, md5),
    furtherChecksum: unmaskedFurther(masks, part.blobId, part.checksums.further),
  };
}

function unmasked(masks: Masks, blobId: string, checksums: StoredChecksums): Digests {
  if (masks === undefined) return noDigests;
  const { sha1, md5 } = masks === 'plain' ? plainHex(checksums) : unmaskedHex(masks, blobId, checksums);
  return { sha1: sha1 === null ? null : { sha1, verified: checksums.sha1Verified }, md5 };
}

/** `ReadService.furtherChecksum`. */
export async function furtherChecksumOf(core: Keys, version: FileVersionRecord): Promise<FurtherChecksum | null> {
  const { further } = version.checksums;
  if (further === undefined) return null;
  return unmaskedFurther(await masksFor(core, version.encryption), version.blobId ?? version.fileId, further);
}

/** The further checksum of a blob that belongs to a file with this encryption. */
export async function furtherOfBlob(
  core: Keys,
  encryption: UnsealedEncryption,
  blobId: string,
  { further }: StoredChecksums,
): Promise<FurtherChecksum | null> {
  return further === undefined ? null : unmaskedFurther(await masksFor(core, encryption), blobId, further);
}

/** A further checksum of a file or a part, as it is stored under this id. */
export async function storedFurther(
  { keys }: Keys,
  { mode, globalKeyId }: UnsealedEncryption,
  id: string,
  further: FurtherChecksum,
): Promise<StoredFurtherChecksum> {
  return mode === 'none' ? further : maskFurther(await keys.checksumMasks(globalKeyId), id, further);
}

export function unmaskedFurther(
  masks: Masks,
  id: string,
  further: StoredFurtherChecksum | undefined,
): FurtherChecksum | null {
  if (further === undefined || masks === undefined) return null;
  return masks === 'plain' ? further : maskFurther(masks, id, further);
}

function plainHex({ sha1, md5 }: StoredChecksums): ShownChecksums {
  return { sha1: sha1 && hexOf(sha1), md5: md5 && hexOf(md5) };
}

export async function inTurns<Input, Output>(
  inputs: readonly Input[],
  map: (some: readonly Input[]) => Promise<readonly Output[]>,
): Promise<Output[]> {
  const outputs: Output[] = [];
  for (let at = 0; at < inputs.length; at += rowsPerTurn) {
    if (at > 0) await nextTurn();
    for (const output of await map(inputs.slice(at, at + rowsPerTurn))) outputs.push(output);
  }
  return outputs;
}

function hexOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('hex');
}

function bytesOf(digits: string | undefined): Uint8Array | null {
  return digits === undefined ? null : (decodeHex(digits) ?? null);
}
