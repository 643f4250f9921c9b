import { rowsIn, textIn, type Answer } from '../answer.ts';
import { Client } from '../client.ts';
import { bytesOf } from '../content.ts';
import type { KnownVersion, Ledger } from '../ledger.ts';
import type { CrashServer } from '../server.ts';
import { compareBlobs } from '../verify/stored-blobs.ts';
import { verifyStore } from '../verify/whole-store.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Compares a restored store with what had been acknowledged when its backup began: all of it must be there, byte for
 * byte, except for what was removed since. What was added while the backup was under way may be there, and must then be
 * complete.
 */
export async function compareRestored(ledger: Ledger, server: CrashServer, snapshot: Snapshot): Promise<void> {
  const { origin, credentials } = await server.start();
  await compareBlobs(ledger, server.dataFolder);
  await verifyStore(ledger, server);
  await compareFiles(ledger, await Client.open(origin, credentials), snapshot);
  await server.stop();
}

async function compareFiles(ledger: Ledger, client: Client, snapshot: Snapshot): Promise<void> {
  const listed = new Map<string, Answer>();
  const { accountId } = client;
  for (const bucket of rowsIn(await client.call('b2_list_buckets', { accountId }), 'buckets'))
    for (const row of await client.listFiles('b2_list_file_versions', textIn(bucket, 'bucketId')))
      listed.set(textIn(row, 'fileId'), row);
  for (const [fileId, version] of snapshot) {
    const row = listed.get(fileId);
    if (row !== undefined) await compareVersion(ledger, client, fileId, version, row);
    else if (!ledger.gone.has(fileId)) lost(ledger, version, fileId);
  }
  for (const fileId of listed.keys())
    if (!snapshot.has(fileId) && !ledger.versions.has(fileId) && !ledger.gone.has(fileId))
      ledger.violated('restored: a version that the store never had', fileId);
}

function lost(ledger: Ledger, { action, name }: KnownVersion, fileId: string): void {
  ledger.violated(`restored: ${action} of ${name}, acknowledged before the backup, is lost`, fileId);
}

/** A large file may have been finished, and get more parts, while the backup was under way. */
async function compareVersion(
  ledger: Ledger,
  client: Client,
  fileId: string,
  version: KnownVersion,
  row: Answer,
): Promise<void> {
  const action = String(row['action']);
  if (version.action === 'start' && action === 'start') return compareParts(ledger, client, fileId, version);
  if (version.action === 'start' && action === 'upload') return;
  if (action !== version.action) ledger.violated(`restored: is ${action}, was ${version.action}`, fileId);
  else if (action === 'upload') await compareBytes(ledger, client, fileId, version);
}

async function compareParts(ledger: Ledger, client: Client, fileId: string, version: KnownVersion): Promise<void> {
  const rows = rowsIn(await client.call('b2_list_parts', { fileId, maxPartCount: 1000 }), 'parts');
  const numbers = new Set(rows.map((row) => Number(row['partNumber'])));
  for (const number of version.parts.keys())
    if (!numbers.has(number)) ledger.violated(`restored: part ${number} is lost`, fileId);
}

async function compareBytes(ledger: Ledger, client: Client, fileId: string, version: KnownVersion): Promise<void> {
  try {
    const data = await client.download(fileId, version.encryption);
    if (!data.equals(bytesOf(version.content))) ledger.violated(`restored: ${version.name} has other bytes`, fileId);
  } catch (error) {
    ledger.violated(`restored: ${version.name} cannot be read: ${String(error)}`, fileId);
  }
}
