import { encodeHex } from '@coffer/bytes';
import type { FileVersionRecord, PartRecord, TableName } from '@coffer/storage-ports';
import type { FindingKind, FindingPlace } from '../services/verification.ts';
import { firstText } from './key-parts.ts';
import type { DamagedRow } from './row-reader.ts';

/** A finding before the name of its bucket was looked up. */
export interface Fault extends FindingPlace {
  readonly kind: FindingKind;
  readonly detail: string;
}

const nowhere: FindingPlace = {
  table: null,
  bucketId: null,
  name: null,
  fileId: null,
  partNumber: null,
  blobId: null,
};

export function fault(kind: FindingKind, place: Partial<FindingPlace>, detail: string): Fault {
  return { kind, ...nowhere, ...place, detail };
}

/** The fault if it is one. */
export function when(
  holds: boolean,
  kind: FindingKind,
  place: Partial<FindingPlace>,
  detail: string,
): readonly Fault[] {
  return holds ? [fault(kind, place, detail)] : [];
}

export function placeOfVersion(
  { bucketId, name, fileId, blobId }: FileVersionRecord,
  table: TableName = 'fileVersions',
): Partial<FindingPlace> {
  return { table, bucketId, name, fileId, ...(blobId !== null && { blobId, partNumber: 0 }) };
}

/** `version`: the file that the part is of, if it is known. */
export function placeOfPart(
  { fileId, partNumber, blobId }: PartRecord,
  version: FileVersionRecord | undefined,
): Partial<FindingPlace> {
  const bucketId = version?.bucketId ?? bucketOf(fileId);
  return { table: 'parts', fileId, partNumber, blobId, bucketId, name: version?.name ?? null };
}

/** The bucket that a file id names; null if it has not the form of this server's. */
export function bucketOf(fileId: string): string | null {
  return /^4_z([0-9a-f]{24})_/.exec(fileId)?.[1] ?? null;
}

/** Tables whose keys begin with the id of a bucket, and those whose keys are, or begin with, the id of a file. */
const byBucket: ReadonlySet<TableName> = new Set<TableName>([
  'buckets',
  'fileVersions',
  'nameHeads',
  'supersededVersions',
  'visibleNames',
  'unfinishedFiles',
  'notificationRules',
  'notificationEvents',
  'notificationStates',
]);
const byFile: ReadonlySet<TableName> = new Set<TableName>(['fileIds', 'parts', 'partEpochs']);
const byBlob: ReadonlySet<TableName> = new Set<TableName>(['blobReferences', 'inlineBlobs']);

/** What the key alone tells of a row that does not decode. */
export function faultOfRow({ row: { table, key }, message }: DamagedRow): Fault {
  const first = firstText(key) ?? null;
  const fileId = byFile.has(table) ? first : null;
  const place = {
    table,
    fileId,
    bucketId: byBucket.has(table) ? first : fileId && bucketOf(fileId),
    blobId: byBlob.has(table) ? first : null,
  };
  return fault('undecodable', place, `${message} (key ${encodeHex(key)})`);
}
