import {
  compareKeys,
  keys,
  type FileVersionRecord,
  type NameHead,
  type PartRecord,
  type Row,
  type StoredEncryption,
} from '@coffer/storage-ports';
import { digestsOf, furtherOfBlob } from '../encryption/checksums.ts';
import { sealedBlobsOf, sealedPartOf } from '../encryption/encryption-record.ts';
import { requirePartSeal, requireSeal } from '../encryption/record-sealing.ts';
import { isNewer } from '../records/name-head.ts';
import { versionKey } from '../records/version-commit.ts';
import type { FindingPlace } from '../services/verification.ts';
import { checkBlob } from './blob-content.ts';
import type { FileKey } from './file-keys.ts';
import { Unsettled, type RowReader } from './row-reader.ts';
import { fault, placeOfKey, placeOfPart, placeOfVersion, when, type Fault } from './findings.ts';
import { sealedFault } from './secret-fault.ts';
import type { Verifier } from './verifier.ts';

/**
 * A version is found by its id and its name, its fields fit together, its seal holds, and a regular file's blob is
 * whole.
 */
export async function checkVersion(
  verifier: Verifier,
  { key, value: version }: Row<FileVersionRecord>,
): Promise<readonly Fault[]> {
  const place = placeOfVersion(version);
  if (compareKeys(key, versionKey(version)) !== 0)
    return [fault('misplaced', placeOfKey('fileVersions', key), 'The record belongs to another version')];
  const ill = illFormed(version);
  if (ill !== undefined) return [fault('contradiction', place, ill)];
  return [
    ...(await checkPlaces(verifier, version, place)),
    ...(await checkUnfinishedRows(verifier, version, place)),
    ...(await checkSeal(verifier, version, place)),
    ...(await checkRegularBlob(verifier, version, place)),
  ];
}

/** Which of its own fields contradict each other. */
function illFormed({
  action,
  encryption,
  blobId,
  blobCheck,
  partCount,
  checksums,
}: FileVersionRecord): string | undefined {
  if (action === 'hide') {
    const hasData = encryption.mode !== 'none' || blobId !== null || partCount !== null;
    return hasData ? 'A hide marker has data' : undefined;
  }
  if ((blobId === null) !== (blobCheck === null))
    return 'The version has a blob without its check, or the other way round';
  if ((encryption.mode === 'none') !== (encryption.wrappedKey === null))
    return 'The version is encrypted and has no file key, or the other way round';
  if (action === 'start')
    return blobId === null && partCount === null ? undefined : 'An unfinished large file has data';
  if ((blobId === null) === (partCount === null)) return 'A file has neither one blob nor parts, or both';
  return (blobId !== null) === (checksums.sha1 !== null)
    ? undefined
    : 'A file of one blob has no SHA-1, or a large file has one';
}

async function checkPlaces(
  { rows }: Verifier,
  version: FileVersionRecord,
  place: Partial<FindingPlace>,
): Promise<readonly Fault[]> {
  const { bucketId, name, fileId, uploadTimestamp } = version;
  const bucket = await rows.get('buckets', keys.buckets(bucketId));
  const location = await rows.get('fileIds', keys.fileIds(fileId));
  const leadsHere =
    location?.bucketId === bucketId && location.name === name && location.uploadTimestamp === uploadTimestamp;
  const head = await rows.row('nameHeads', keys.nameHeads(bucketId, name));
  return [
    ...when(bucket === undefined, 'missing-row', place, 'The version is in a bucket that does not exist'),
    ...when(
      bucket !== undefined && bucket.accountId !== version.accountId,
      'contradiction',
      place,
      'The version belongs to another account than its bucket',
    ),
    ...when(location === undefined, 'missing-row', place, 'The version is not found by its id'),
    ...when(location !== undefined && !leadsHere, 'contradiction', place, 'The id of the version leads elsewhere'),
    ...when(head === undefined, 'missing-row', place, 'The name of the version has no head'),
    ...(head === undefined ? [] : checkHead(version, head.value, place)),
    ...(head === undefined ? [] : await checkSupersession(rows, version, head, place)),
  ];
}

function checkHead(version: FileVersionRecord, head: NameHead, place: Partial<FindingPlace>): readonly Fault[] {
  const { current, newestTimestamp } = head;
  const isPassedOver = version.action !== 'start' && (current === null || isNewer(version, current));
  return [
    ...when(isPassedOver, 'contradiction', place, 'The version is newer than the one that its name says is current'),
    ...when(
      newestTimestamp < version.uploadTimestamp,
      'contradiction',
      place,
      'The version is newer than the newest timestamp that its name records',
    ),
  ];
}

/**
 * A version that is not current is among those that are superseded. Whether it is can change without its own row, but
 * not without its name's head.
 */
async function checkSupersession(
  rows: RowReader,
  { action, bucketId, name, fileId, uploadTimestamp }: FileVersionRecord,
  head: Row<NameHead>,
  place: Partial<FindingPlace>,
): Promise<readonly Fault[]> {
  if (action === 'start' || head.value.current?.fileId === fileId) return [];
  const superseded = await rows.get(
    'supersededVersions',
    keys.supersededVersions(bucketId, name, uploadTimestamp, fileId),
  );
  if (superseded !== undefined) return [];
  const after = await rows.row('nameHeads', head.key);
  if (after?.version !== head.version) throw new Unsettled();
  return [fault('missing-row', place, 'The version is neither current nor among those that are superseded')];
}

/** The two rows that an unfinished large file has, and no other version. */
async function checkUnfinishedRows(
  { rows }: Verifier,
  { action, bucketId, fileId }: FileVersionRecord,
  place: Partial<FindingPlace>,
): Promise<readonly Fault[]> {
  if (action !== 'start') return [];
  const listed = await rows.get('unfinishedFiles', keys.unfinishedFiles(bucketId, fileId));
  const epoch = await rows.get('partEpochs', keys.partEpochs(fileId));
  return [
    ...when(listed === undefined, 'missing-row', place, 'The unfinished large file is not listed as one'),
    ...when(
      epoch === undefined,
      'missing-row',
      place,
      'The unfinished large file has no row that serialises its parts',
    ),
  ];
}

async function checkSeal(
  verifier: Verifier,
  version: FileVersionRecord,
  place: Partial<FindingPlace>,
): Promise<readonly Fault[]> {
  const { partCount, fileId } = version;
  const parts = partCount === null ? [] : await verifier.finishedParts(fileId);
  const sealed = partCount === null ? sealedBlobsOf(version) : parts.map(sealedPartOf);
  return [
    ...(partCount === null ? [] : checkSums(version, parts, place)),
    ...(await sealedFault(place, 'The version', () => requireSeal(verifier.core, version, sealed), {
      kind: 'seal',
      detail: 'has a record that does not match its seal: a field, or the list of its blobs, is not as it was stored',
    })),
  ];
}

function checkSums(
  { partCount, size }: FileVersionRecord,
  parts: readonly PartRecord[],
  place: Partial<FindingPlace>,
): readonly Fault[] {
  if (partCount !== parts.length)
    return [fault('missing-row', place, `The file has ${parts.length} parts instead of ${partCount ?? 0}`)];
  const sum = parts.reduce((total, part) => total + part.size, 0);
  return when(
    sum !== size,
    'contradiction',
    place,
    `The parts of the file have ${sum} bytes, and the file has ${size}`,
  );
}

async function checkRegularBlob(
  verifier: Verifier,
  version: FileVersionRecord,
  place: Partial<FindingPlace>,
): Promise<readonly Fault[]> {
  const { encryption, blobId, blobCheck, checksums, fileId, size } = version;
  if (version.action !== 'upload' || blobId === null || blobCheck === null) return [];
  const referenced = await checkReference(verifier, blobId, { fileId, partNumber: 0 }, place);
  const { key, faults } = await fileKeyOf(verifier, version, encryption, place);
  const digests = await digestsOf(verifier.core, encryption, blobId, checksums);
  const further = await furtherOfBlob(verifier.core, encryption, blobId, checksums);
  const about = { fileId, partNumber: 0, blobId, blobCheck, size, ...digests, further };
  const isEncrypted = encryption.mode !== 'none';
  return [...referenced, ...faults, ...(await checkBlob(verifier, { ...about, place, isEncrypted, key }))];
}

async function checkReference(
  { rows }: Verifier,
  blobId: string,
  { fileId, partNumber }: { readonly fileId: string; readonly partNumber: number },
  place: Partial<FindingPlace>,
): Promise<readonly Fault[]> {
  const reference = await rows.get('blobReferences', keys.blobReferences(blobId));
  const isOwn = reference?.fileId === fileId && reference.partNumber === partNumber;
  return [
    ...when(reference === undefined, 'missing-row', place, `The blob ${blobId} is in use and has no reference`),
    ...when(
      reference !== undefined && !isOwn,
      'contradiction',
      place,
      `The blob ${blobId} has a reference to another file`,
    ),
  ];
}

/** The file key, or what is wrong with it: then the blob's presence and length are all that can be checked. */
async function fileKeyOf(
  { fileKeys }: Verifier,
  version: FileVersionRecord,
  encryption: StoredEncryption,
  place: Partial<FindingPlace>,
): Promise<{ readonly key: FileKey; readonly faults: readonly Fault[] }> {
  let key: FileKey = 'not at hand';
  const open = async () => {
    key = await fileKeys.of(version, encryption);
  };
  const detail = 'has a wrapped file key that cannot be unwrapped';
  const faults = await sealedFault(place, 'The version', open, { kind: 'file-key', detail });
  return { key, faults };
}

/** A part belongs to a large file, or to one that is being removed, and its blob is whole. */
export async function checkPart(verifier: Verifier, { key, value: part }: Row<PartRecord>): Promise<readonly Fault[]> {
  const { fileId, partNumber, blobId, blobCheck, size, checksums } = part;
  const version = await verifier.version(fileId);
  const place = placeOfPart(part, version);
  if (compareKeys(key, keys.parts(fileId, partNumber)) !== 0)
    return [fault('misplaced', placeOfKey('parts', key), 'The record belongs to another part')];
  if (version === undefined) return checkLeftPart(verifier, fileId, place);
  const { encryption } = version;
  if (version.action === 'hide' || (version.action === 'upload' && version.partCount === null))
    return [fault('contradiction', place, 'A part belongs to a file that is not a large file')];
  if (version.action === 'upload' && (await isDiscarded(verifier, part))) return [];
  const referenced = await checkReference(verifier, blobId, part, place);
  const { key: fileKey, faults } = await fileKeyOf(verifier, version, encryption, place);
  const digests = await digestsOf(verifier.core, encryption, blobId, checksums);
  const further = await furtherOfBlob(verifier.core, encryption, blobId, checksums);
  const about = { fileId, partNumber, blobId, blobCheck, size, ...digests, further };
  const isEncrypted = encryption.mode !== 'none';
  const content = await checkBlob(verifier, { ...about, place, isEncrypted, key: fileKey });
  return [...referenced, ...(await checkPartSeal(verifier, version, part, place)), ...faults, ...content];
}

/** The parts of a finished file are sealed with it; until then each is by itself. */
async function checkPartSeal(
  { core }: Verifier,
  version: FileVersionRecord,
  part: PartRecord,
  place: Partial<FindingPlace>,
): Promise<readonly Fault[]> {
  if (version.action !== 'start') return [];
  return sealedFault(place, 'The part', () => requirePartSeal(core, version, part), {
    kind: 'seal',
    detail: 'has a record that does not match its seal: a field is not as it was stored',
  });
}

/** Whether the file was finished without the part, which is being removed. */
async function isDiscarded({ rows }: Verifier, { fileId, partNumber }: PartRecord): Promise<boolean> {
  const pending = await rows.get('pendingDeletions', keys.pendingDeletions(fileId));
  return pending?.kind === 'discarded' && pending.partNumbers.includes(partNumber);
}

async function checkLeftPart(
  { rows }: Verifier,
  fileId: string,
  place: Partial<FindingPlace>,
): Promise<readonly Fault[]> {
  const pending = await rows.get('pendingDeletions', keys.pendingDeletions(fileId));
  return when(pending?.kind !== 'parts', 'missing-row', place, 'A part belongs to a file that does not exist');
}
