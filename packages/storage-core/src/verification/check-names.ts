import {
  compareKeys,
  keys,
  prefixRange,
  recordKey,
  type FileLocation,
  type NameHead,
  type Row,
  type SupersededVersion,
  type Tables,
  type VisibleName,
} from '@coffer/storage-ports';
import { fault, when, type Fault } from './findings.ts';
import { keyParts } from '../core/key-parts.ts';
import type { Verifier } from './verifier.ts';

/** A file id leads to the version of that id. */
export async function checkFileId({ rows }: Verifier, { key, value }: Row<FileLocation>): Promise<readonly Fault[]> {
  const { bucketId, name, uploadTimestamp } = value;
  const [fileId] = keyParts(key, ['text']) ?? [];
  const place = { table: 'fileIds', bucketId, name, fileId: fileId ?? null } as const;
  if (fileId === undefined) return [fault('misplaced', place, 'A file id is under a malformed key')];
  const version = await rows.get('fileVersions', keys.fileVersions(bucketId, name, uploadTimestamp, fileId));
  return when(version === undefined, 'missing-row', place, 'The file id leads to no version');
}

/**
 * The head of a name leads to its newest version that is no unfinished large file; listings show the name accordingly.
 */
export async function checkNameHead(
  { rows }: Verifier,
  { key, value: { current } }: Row<NameHead>,
): Promise<readonly Fault[]> {
  const [bucketId, name] = keyParts(key, ['text', 'text']) ?? [];
  if (bucketId === undefined || name === undefined)
    return [fault('misplaced', { table: 'nameHeads' }, 'The head of a name is under a malformed key')];
  const place = { table: 'nameHeads', bucketId, name, fileId: current?.fileId ?? null } as const;
  const visible = await rows.get('visibleNames', keys.visibleNames(bucketId, name));
  return [
    ...(current === null ? await checkAny(rows, place) : await checkCurrent(rows, place, current)),
    ...visibility(place, current, visible),
  ];
}

interface NamePlace {
  readonly table: 'nameHeads';
  readonly bucketId: string;
  readonly name: string;
}

async function checkAny(rows: Verifier['rows'], place: NamePlace): Promise<readonly Fault[]> {
  const some = await rows.first('fileVersions', prefixRange(recordKey(place.bucketId, place.name)));
  return when(some === undefined, 'missing-row', place, 'The name has a head, but no version');
}

async function checkCurrent(
  rows: Verifier['rows'],
  place: NamePlace,
  { fileId, uploadTimestamp, hidden }: NonNullable<NameHead['current']>,
): Promise<readonly Fault[]> {
  const { bucketId, name } = place;
  const version = await rows.get('fileVersions', keys.fileVersions(bucketId, name, uploadTimestamp, fileId));
  if (version === undefined) return [fault('missing-row', place, 'The current version of the name does not exist')];
  const { action } = version;
  return [
    ...when(action === 'start', 'contradiction', place, 'The current version of the name is an unfinished large file'),
    ...when(
      action !== 'start' && hidden !== (action === 'hide'),
      'contradiction',
      place,
      `The head of the name says that it is ${hidden ? 'hidden' : 'not hidden'}, but its current version differs`,
    ),
  ];
}

function visibility(
  place: NamePlace,
  current: NameHead['current'],
  visible: VisibleName | undefined,
): readonly Fault[] {
  if (current === null || current.hidden)
    return when(visible !== undefined, 'contradiction', place, 'Listings show a name that has no visible version');
  const differs =
    visible !== undefined && (visible.fileId !== current.fileId || visible.uploadTimestamp !== current.uploadTimestamp);
  return [
    ...when(visible === undefined, 'missing-row', place, 'Listings do not show a name that has a visible version'),
    ...when(differs, 'contradiction', place, 'Listings show another version of the name than its current one'),
  ];
}

/** A visible name has a head; whether they agree is looked at from there. */
export async function checkVisibleName(
  { rows }: Verifier,
  { key, value: { fileId } }: Row<VisibleName>,
): Promise<readonly Fault[]> {
  const [bucketId, name] = keyParts(key, ['text', 'text']) ?? [];
  if (bucketId === undefined || name === undefined)
    return [fault('misplaced', { table: 'visibleNames' }, 'A visible name is under a malformed key')];
  const place = { table: 'visibleNames', bucketId, name, fileId } as const;
  const head = await rows.get('nameHeads', keys.nameHeads(bucketId, name));
  return when(head === undefined, 'missing-row', place, 'Listings show a name that has no head');
}

/** A superseded version is there, as what it is said to be, and is not the current one. */
export async function checkSuperseded(
  { rows }: Verifier,
  { key, value }: Row<SupersededVersion>,
): Promise<readonly Fault[]> {
  const { fileId, uploadTimestamp, hidden } = value;
  const [bucketId, name] = keyParts(key, ['text', 'text', 'number', 'text']) ?? [];
  const table = 'supersededVersions';
  if (bucketId === undefined || name === undefined)
    return [fault('misplaced', { table, fileId }, 'A superseded version is under a malformed key')];
  const place = { table, bucketId, name, fileId } as const;
  if (compareKeys(key, keys.supersededVersions(bucketId, name, uploadTimestamp, fileId)) !== 0)
    return [fault('misplaced', place, 'A superseded version is under the key of another')];
  const version = await rows.get('fileVersions', keys.fileVersions(bucketId, name, uploadTimestamp, fileId));
  const head = await rows.get('nameHeads', keys.nameHeads(bucketId, name));
  if (version === undefined) return [fault('missing-row', place, 'A superseded version does not exist')];
  const isSame = version.action !== 'start' && hidden === (version.action === 'hide');
  return [
    ...when(!isSame, 'contradiction', place, 'A superseded version is of another kind than its row says'),
    ...when(head?.current?.fileId === fileId, 'contradiction', place, 'A superseded version is the current one'),
  ];
}

/** An unfinished large file that listings show is one. */
export async function checkUnfinished(
  verifier: Verifier,
  { key, value: { name } }: Row<Tables['unfinishedFiles']>,
): Promise<readonly Fault[]> {
  const [bucketId, fileId] = keyParts(key, ['text', 'text']) ?? [];
  if (bucketId === undefined || fileId === undefined)
    return [fault('misplaced', { table: 'unfinishedFiles' }, 'An unfinished large file is under a malformed key')];
  const place = { table: 'unfinishedFiles', bucketId, name, fileId } as const;
  const version = await verifier.version(fileId);
  const isSame = version?.action === 'start' && version.bucketId === bucketId && version.name === name;
  return [
    ...when(version === undefined, 'missing-row', place, 'An unfinished large file is listed, but has no version'),
    ...when(
      version !== undefined && !isSame,
      'contradiction',
      place,
      'What is listed as an unfinished large file is something else, or has another name or bucket',
    ),
  ];
}

/** What serialises the parts of an unfinished large file belongs to one. */
export async function checkPartEpoch(
  verifier: Verifier,
  { key }: Row<Tables['partEpochs']>,
): Promise<readonly Fault[]> {
  const [fileId] = keyParts(key, ['text']) ?? [];
  const place = { table: 'partEpochs', fileId: fileId ?? null } as const;
  if (fileId === undefined) return [fault('misplaced', place, 'A row of partEpochs is under a malformed key')];
  const version = await verifier.version(fileId);
  return when(
    version?.action !== 'start',
    'missing-row',
    place,
    'A row of partEpochs belongs to something that is no unfinished large file',
  );
}
