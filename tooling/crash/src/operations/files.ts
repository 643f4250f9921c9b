import { textIn } from '../answer.ts';
import { bytesOf, type Content } from '../content.ts';
import { encryptions } from '../encryption.ts';
import type { KnownVersion, Ledger } from '../ledger.ts';
import type { Random } from '../random.ts';
import type { Workplace } from '../workplace.ts';

/** Bytes; on both sides of the inline threshold of 2,000 and of the chunk size of 16 KiB. */
export const uploadSizes = [0, 1, 500, 1999, 2000, 2001, 16_384, 40_000, 200_000, 1_500_000];
const names = 40;
let seeds = 0;

export function newContent(size: number): Content {
  return [{ seed: ++seeds, size }];
}

/** A number that was not used before in this run. */
export function newNumber(): number {
  return ++seeds;
}

export function newVersion(random: Random, action: 'upload' | 'start', content: Content): KnownVersion {
  const encryption = random.pick(encryptions);
  return { name: someName(random), action, encryption, content, parts: new Map(), checked: false };
}

export async function upload({ client, ledger, random, bucketId }: Workplace): Promise<void> {
  const file = newVersion(random, 'upload', newContent(random.pick(uploadSizes)));
  const url = await client.call('b2_get_upload_url', { bucketId });
  const headers = {
    ...file.encryption.uploadHeaders,
    'X-Bz-File-Name': file.name,
    'Content-Type': 'application/octet-stream',
  };
  await ledger.during(
    { do: 'upload', ...file },
    () => client.send(url, bytesOf(file.content), headers),
    (answer) => addVersion(ledger, textIn(answer, 'fileId'), file),
  );
}

export async function hideName({ client, ledger, random, bucketId }: Workplace): Promise<void> {
  const marker: KnownVersion = { ...newVersion(random, 'upload', []), action: 'hide' };
  await ledger.during(
    { do: 'hide', name: marker.name },
    () => client.call('b2_hide_file', { bucketId, fileName: marker.name }),
    (answer) => addVersion(ledger, textIn(answer, 'fileId'), marker),
  );
}

/** Removes a version, a hide marker or an unfinished large file, also one that another connection is working on. */
export async function removeVersion({ client, ledger, random }: Workplace): Promise<void> {
  if (ledger.versions.size === 0) return;
  const [fileId, { name, action }] = random.pick([...ledger.versions]);
  const cancels = action === 'start' && random.below(2) === 0;
  const send = cancels
    ? () => client.call('b2_cancel_large_file', { fileId })
    : () => client.call('b2_delete_file_version', { fileName: name, fileId });
  await ledger.during({ do: cancels ? 'cancel' : 'delete', fileId }, send, () => {
    ledger.forgetVersion(fileId);
    return fileId;
  });
}

export function addVersion(ledger: Ledger, fileId: string, version: KnownVersion): string {
  // No other connection can have removed the version already, since none knew its id.
  ledger.versions.set(fileId, version);
  ledger.note(fileId, `is ${version.action} of ${version.name}, ${version.encryption.name}`);
  return fileId;
}

/** A version to read from; undefined if there is none. */
export function someUpload({ ledger, random }: Workplace): readonly [string, KnownVersion] | undefined {
  const all = [...ledger.versions].filter(([, { action }]) => action === 'upload');
  return all.length === 0 ? undefined : random.pick(all);
}

function someName(random: Random): string {
  return `folder-${random.below(4)}/file-${random.below(names / 4)}`;
}
