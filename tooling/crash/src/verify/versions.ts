import { textIn, type Answer } from '../answer.ts';
import { bytesOf, type Content } from '../content.ts';
import { unencrypted } from '../encryption.ts';
import type { KnownVersion, Ledger } from '../ledger.ts';
import type { Operation } from '../operation.ts';
import type { Workplace } from '../workplace.ts';

/** Every acknowledged version is listed, every removed one is not, and whatever else is listed was asked for. */
export async function compareVersions(place: Workplace): Promise<void> {
  const { client, ledger, bucketId } = place;
  const rows = await client.listFiles('b2_list_file_versions', bucketId);
  const listed = new Map(rows.map((row) => [textIn(row, 'fileId'), row]));
  if (listed.size !== rows.length) ledger.violated('a version is listed twice', 'listing');
  for (const [fileId, version] of [...ledger.versions]) compareVersion(ledger, fileId, version, listed.get(fileId));
  for (const [fileId, row] of listed) {
    if (ledger.versions.has(fileId)) continue;
    if (ledger.gone.has(fileId)) ledger.violated('removed and there again', fileId);
    else await adopt(place, fileId, row);
  }
}

/** A name is listed if the newest of its versions, unfinished ones aside, is no hide marker. */
export async function compareNames({ client, ledger, bucketId }: Workplace): Promise<void> {
  const newest = new Map<string, string>();
  for (const row of await client.listFiles('b2_list_file_versions', bucketId)) {
    const name = textIn(row, 'fileName');
    if (row['action'] !== 'start' && !newest.has(name))
      newest.set(name, row['action'] === 'hide' ? 'hidden' : textIn(row, 'fileId'));
  }
  const visible = new Map<string, string>();
  for (const row of await client.listFiles('b2_list_file_names', bucketId))
    visible.set(textIn(row, 'fileName'), textIn(row, 'fileId'));
  for (const name of new Set([...newest.keys(), ...visible.keys()])) {
    const [expected, found] = [newest.get(name) ?? 'hidden', visible.get(name) ?? 'hidden'];
    if (expected !== found)
      ledger.violated(`${name} is listed as ${found}, its newest version is ${expected}`, expected);
  }
}

function compareVersion(ledger: Ledger, fileId: string, version: KnownVersion, row: Answer | undefined): void {
  if (row === undefined) {
    if (!isOpen(ledger, fileId, 'delete') && !isOpen(ledger, fileId, 'cancel'))
      ledger.violated(`${version.action} of ${version.name} is lost`, fileId);
    ledger.forgetVersion(fileId);
  } else if (row['fileName'] !== version.name) {
    ledger.violated(`is named ${String(row['fileName'])}, not ${version.name}`, fileId);
  } else if (row['action'] !== version.action) {
    takeOverFinish(ledger, fileId, version, row);
  }
}

function takeOverFinish(ledger: Ledger, fileId: string, version: KnownVersion, row: Answer): void {
  const finish = isOpen(ledger, fileId, 'finish');
  if (finish === undefined || !('content' in finish) || row['action'] !== 'upload') {
    ledger.violated(`is ${String(row['action'])}, was ${version.action}`, fileId);
    return;
  }
  version.action = 'upload';
  version.content = finish.content;
}

function isOpen(ledger: Ledger, fileId: string, what: Operation['do']): Operation | undefined {
  return [...ledger.open].find((one) => one.do === what && 'fileId' in one && one.fileId === fileId);
}

/**
 * Handles a version that no answer named. It must come from a request that was sent, and be complete; each request
 * makes at most one version.
 */
async function adopt({ client, ledger }: Workplace, fileId: string, row: Answer): Promise<void> {
  const found = `${String(row['action'])} of ${String(row['fileName'])}`;
  for (const request of candidates(ledger, row)) {
    const version = versionOf(request, row);
    const matches =
      version.action !== 'upload' || (await holds(client.download(fileId, version.encryption), version.content));
    if (!matches) continue;
    ledger.open.delete(request);
    ledger.versions.set(fileId, version);
    ledger.note(fileId, `${found} was in flight at the kill and had happened`);
    return;
  }
  ledger.violated(`${found} is nothing that was asked for, or not all of it`, fileId);
}

type Making = Extract<Operation, { do: 'upload' | 'hide' | 'start' | 'copy' }>;

function candidates(ledger: Ledger, row: Answer): readonly Making[] {
  const kinds: readonly string[] = row['action'] === 'upload' ? ['upload', 'copy'] : [String(row['action'])];
  const isCandidate = (one: Operation): one is Making =>
    kinds.includes(one.do) && 'name' in one && one.name === row['fileName'];
  return [...ledger.open].filter(isCandidate);
}

function versionOf(request: Making, row: Answer): KnownVersion {
  const { encryption, content } = request.do === 'hide' ? { encryption: unencrypted, content: [] } : request;
  const action = row['action'] as KnownVersion['action'];
  return { name: request.name, action, encryption, content, parts: new Map(), checked: action === 'upload' };
}

/** Whether a download succeeds and gives these bytes. */
async function holds(download: Promise<Buffer>, content: Content): Promise<boolean> {
  try {
    return (await download).equals(bytesOf(content));
  } catch {
    return false;
  }
}
