import type { XmlElement } from '@coffer/xml';
import { bytesOf, sizeOf } from '../content.ts';
import type { KnownVersion, Ledger } from '../ledger.ts';
import type { Workplace } from '../workplace.ts';
import { contestedFolder } from './conditional-puts.ts';
import { childText } from './s3-client.ts';

/** Objects that are read back over S3 in a round. */
const some = 8;
const atOnce = 4;

/**
 * Compares what S3 shows with the ledger, which has been compared with B2 before: versions with their sizes and entity
 * tags, delete markers, current objects, unfinished uploads, and the bytes of some or all objects.
 */
export async function compareOverS3(place: Workplace, which: 'some' | 'everything'): Promise<void> {
  const { ledger, random } = place;
  await compareVersions(place);
  await compareUploads(place);
  compareContested(ledger);
  const objects = [...ledger.versions].filter(([, { action }]) => action === 'upload');
  const chosen = objects.length === 0 ? [] : Array.from({ length: some }, () => random.pick(objects));
  const rest = (which === 'everything' ? objects : [...new Set(chosen)]).values();
  const reader = async (): Promise<void> => {
    for (const [fileId, version] of rest) await readOne(place, fileId, version);
  };
  await Promise.all(Array.from({ length: atOnce }, reader));
}

async function compareVersions({ s3, ledger }: Workplace): Promise<void> {
  const listed = new Map<string, XmlElement>();
  const current = new Map<string, string>();
  for (let next: Record<string, string> | undefined = {}; next !== undefined;) {
    const page: XmlElement = await s3.ask({ method: 'GET', query: { versions: '', ...next } });
    for (const row of page.children) {
      if (row.name !== 'Version' && row.name !== 'DeleteMarker') continue;
      const fileId = childText(row, 'VersionId') ?? '';
      listed.set(fileId, row);
      if (row.name === 'Version' && childText(row, 'IsLatest') === 'true') current.set(keyOf(row), fileId);
    }
    next = nextOf(page, ['key-marker', 'NextKeyMarker'], ['version-id-marker', 'NextVersionIdMarker']);
  }
  for (const [fileId, version] of ledger.versions)
    if (version.action !== 'start') compareVersion(ledger, fileId, version, listed.get(fileId));
  for (const fileId of listed.keys())
    if (!ledger.versions.has(fileId)) ledger.violated('S3: a version that B2 does not have', fileId);
  await compareCurrent({ s3, ledger }, current);
}

function compareVersion(ledger: Ledger, fileId: string, version: KnownVersion, row: XmlElement | undefined): void {
  const kind = version.action === 'hide' ? 'DeleteMarker' : 'Version';
  if (row === undefined) {
    ledger.violated(`S3: ${version.name} is not listed`, fileId);
    return;
  }
  if (row.name !== kind || keyOf(row) !== version.name) {
    ledger.violated(`S3: is ${row.name} of ${keyOf(row)}, not ${kind} of ${version.name}`, fileId);
    return;
  }
  if (kind === 'DeleteMarker') return;
  const [size, etag] = [childText(row, 'Size'), childText(row, 'ETag')];
  if (size !== String(sizeOf(version.content))) ledger.violated(`S3: has ${String(size)} bytes`, fileId);
  if (etag !== (version.etag ?? etag)) ledger.violated(`S3: entity tag ${String(etag)}, was ${version.etag}`, fileId);
}

/** The current objects are those whose newest version is no delete marker. */
async function compareCurrent(
  { s3, ledger }: Pick<Workplace, 's3' | 'ledger'>,
  current: ReadonlyMap<string, string>,
): Promise<void> {
  const keys = new Set<string>();
  for (let next: Record<string, string> | undefined = {}; next !== undefined;) {
    const page: XmlElement = await s3.ask({ method: 'GET', query: { 'list-type': '2', ...next } });
    for (const row of page.children) if (row.name === 'Contents') keys.add(keyOf(row));
    next = nextOf(page, ['continuation-token', 'NextContinuationToken']);
  }
  for (const key of new Set([...keys, ...current.keys()]))
    if (keys.has(key) !== current.has(key))
      ledger.violated(`S3: the list of objects and that of versions do not agree on ${key}`, current.get(key) ?? key);
}

async function compareUploads({ s3, ledger }: Workplace): Promise<void> {
  const listed = new Set<string>();
  for (let next: Record<string, string> | undefined = {}; next !== undefined;) {
    const page: XmlElement = await s3.ask({ method: 'GET', query: { uploads: '', ...next } });
    for (const row of page.children) if (row.name === 'Upload') listed.add(childText(row, 'UploadId') ?? '');
    next = nextOf(page, ['key-marker', 'NextKeyMarker'], ['upload-id-marker', 'NextUploadIdMarker']);
  }
  const known = [...ledger.versions].filter(([, { action }]) => action === 'start').map(([fileId]) => fileId);
  for (const fileId of new Set([...known, ...listed]))
    if (listed.has(fileId) !== known.includes(fileId)) ledger.violated('S3: an unfinished upload, or none', fileId);
}

/** Of the uploads that raced for a name one won, and of those that replaced it one. */
function compareContested(ledger: Ledger): void {
  const versions = new Map<string, number>();
  for (const { name } of ledger.versions.values())
    if (name.startsWith(contestedFolder)) versions.set(name, (versions.get(name) ?? 0) + 1);
  for (const [name, count] of versions)
    if (count > 2) ledger.violated(`S3: ${count} versions, of which each was made under a condition`, name);
}

async function readOne({ s3, ledger }: Workplace, fileId: string, version: KnownVersion): Promise<void> {
  const { name, encryption, content } = version;
  try {
    const { bytes } = await s3.send({
      method: 'GET',
      key: name,
      query: { versionId: fileId },
      headers: encryption.s3.key,
    });
    if (!bytes.equals(bytesOf(content))) ledger.violated(`S3: ${name} has other bytes`, fileId);
  } catch (error) {
    ledger.violated(`S3: ${name} cannot be read: ${String(error)}`, fileId);
  }
}

const keyOf = (row: XmlElement): string => childText(row, 'Key') ?? '';

/** The parameters of the next page, each with the element that tells its value; undefined if there is none. */
function nextOf(
  page: XmlElement,
  ...parameters: readonly (readonly [name: string, element: string])[]
): Record<string, string> | undefined {
  if (childText(page, 'IsTruncated') !== 'true') return undefined;
  return Object.fromEntries(parameters.map(([name, element]) => [name, childText(page, element) ?? '']));
}
