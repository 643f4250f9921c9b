import { encodeHex } from '@coffer/bytes';
import type { FileVersionRecord, PartRecord, TableName } from '@coffer/storage-ports';
import type { FindingKind, FindingPlace } from '../services/verification.ts';
import { keyParts } from '../core/key-parts.ts';
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

/** The fault if `holds` is true; otherwise none. */
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

/** `version`: the file that the part belongs to, if it is known. */
export function placeOfPart(
  { fileId, partNumber, blobId }: PartRecord,
  version: FileVersionRecord | undefined,
): Partial<FindingPlace> {
  const bucketId = version?.bucketId ?? bucketOf(fileId);
  return { table: 'parts', fileId, partNumber, blobId, bucketId, name: version?.name ?? null };
}

/** The bucket that a file id names; null if the id has not the form of this server's ids. */
export function bucketOf(fileId: string): string | null {
  return /^4_z([0-9a-f]{24})_/.exec(fileId)?.[1] ?? null;
}

/** What the components of a table's keys are, in their order, as far as they name something. */
const keyFields: Partial<Record<TableName, readonly (keyof FindingPlace | 'number')[]>> = {
  buckets: ['bucketId'],
  fileVersions: ['bucketId', 'name', 'number', 'fileId'],
  supersededVersions: ['bucketId', 'name', 'number', 'fileId'],
  nameHeads: ['bucketId', 'name'],
  visibleNames: ['bucketId', 'name'],
  unfinishedFiles: ['bucketId', 'fileId'],
  notificationRules: ['bucketId'],
  notificationEvents: ['bucketId'],
  notificationStates: ['bucketId'],
  fileIds: ['fileId'],
  parts: ['fileId', 'partNumber'],
  partEpochs: ['fileId'],
  blobReferences: ['blobId'],
  inlineBlobs: ['blobId'],
};

/** What the key alone tells of a row. */
export function placeOfKey(table: TableName, key: Uint8Array): Partial<FindingPlace> {
  const fields = keyFields[table] ?? [];
  const kinds = fields.map((field) => (field === 'number' || field === 'partNumber' ? 'number' : 'text'));
  const parts = keyParts(key, kinds) ?? [];
  const named = Object.fromEntries(
    fields.flatMap((field, index) => (field === 'number' ? [] : [[field, parts[index]]])),
  );
  const { fileId } = named as Partial<FindingPlace>;
  const bucketId = typeof fileId === 'string' ? bucketOf(fileId) : null;
  return { table, bucketId, ...(parts.length > 0 && named) };
}

export function faultOfRow({ row: { table, key }, message }: DamagedRow): Fault {
  return fault('undecodable', placeOfKey(table, key), `${message} (key ${encodeHex(key)})`);
}
