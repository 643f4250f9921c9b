import { openLocalStore } from '@coffer/store-local';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf, sha1 } from './random.mjs';

/** Compares the server with the ledger and takes over what was open at the kill and turns out to have happened. */
export async function verify(client, ledger, bucketId, checked) {
  const problems = [];
  const open = [...ledger.open];
  const listed = new Map((await client.versions(bucketId)).map((row) => [row.fileId, row]));
  const deleting = new Set(open.filter((one) => one.do === 'delete').map((one) => one.fileId));
  const finishing = new Set(open.filter((one) => one.do === 'finish').map((one) => one.fileId));

  for (const [fileId, version] of ledger.versions) {
    const row = listed.get(fileId);
    if (row === undefined) {
      if (!deleting.has(fileId)) problems.push(`lost: ${version.action} ${version.name} ${fileId}`);
      ledger.versions.delete(fileId);
    } else if (row.action !== version.action) {
      if (row.action !== 'upload' || !finishing.has(fileId))
        problems.push(`is ${row.action}, was ${version.action}: ${fileId}`);
      version.action = row.action;
    }
  }
  for (const [fileId, row] of listed) {
    if (ledger.gone.has(fileId)) problems.push(`deleted and there again: ${row.fileName} ${fileId}`);
    if (!ledger.versions.has(fileId)) await adopt(client, ledger, open, row, problems);
  }
  for (const [fileId, version] of ledger.versions) {
    if (version.action === 'start') await compareParts(client, fileId, version, open, problems);
    else if (version.action === 'upload' && !checked.has(fileId)) await compareData(client, fileId, version, problems);
    if (version.action === 'upload') checked.add(fileId);
  }
  await compareSets(client, ledger, open, bucketId, problems);
  ledger.open.clear();
  return problems;
}

/** A version that nobody was told of: it must be one that was asked for, and whole. */
async function adopt(client, ledger, open, row, problems) {
  const kind = row.action === 'upload' ? 'upload' : row.action;
  const candidates = open.filter((one) => one.do === kind && one.name === row.fileName);
  if (candidates.length === 0) return problems.push(`nobody asked for: ${row.action} ${row.fileName} ${row.fileId}`);
  for (const candidate of candidates) {
    const version = { parts: undefined, ...candidate, action: row.action };
    const found = [];
    if (row.action === 'upload') await compareData(client, row.fileId, version, found);
    if (found.length > 0) continue;
    ledger.versions.set(row.fileId, row.action === 'start' ? { ...version, parts: new Map() } : version);
    return undefined;
  }
  return problems.push(`not what was sent: ${row.fileName} ${row.fileId}`);
}

function expectedData(version) {
  if (!version.parts || version.parts.size === 0) return contentOf(version.seed, version.size);
  return Buffer.concat([...version.parts.values()].map(({ seed, size }) => contentOf(seed, size)));
}

async function compareData(client, fileId, version, problems) {
  try {
    const data = await client.download(fileId, version.mode);
    if (!data.equals(expectedData(version))) problems.push(`other bytes: ${version.name} ${fileId}`);
  } catch (error) {
    problems.push(`can not be read: ${version.name} ${fileId}: ${error.message}`);
  }
}

async function compareParts(client, fileId, version, open, problems) {
  const { parts } = await client.call('b2_list_parts', { fileId, maxPartCount: 1000 });
  const listed = new Map(parts.map((part) => [part.partNumber, part.contentSha1]));
  for (const [number, { seed, size }] of version.parts)
    if (listed.get(number) !== sha1(contentOf(seed, size))) problems.push(`part ${number} lost or other: ${fileId}`);
  for (const number of listed.keys()) {
    if (version.parts.has(number)) continue;
    const asked = open.find((one) => one.do === 'part' && one.fileId === fileId && one.number === number);
    if (asked === undefined) problems.push(`part ${number} nobody asked for: ${fileId}`);
    else version.parts.set(number, { seed: asked.seed, size: asked.size });
  }
}

/** Keys and buckets: all acknowledged ones, none of the deleted, others only if they were being made. */
async function compareSets(client, ledger, open, bucketId, problems) {
  const { accountId } = client;
  const { keys } = await client.call('b2_list_keys', { accountId, maxKeyCount: 10_000 });
  const { buckets } = await client.call('b2_list_buckets', { accountId });
  const ids = {
    key: keys.map((key) => key.applicationKeyId),
    bucket: buckets.map((one) => one.bucketId).filter((id) => id !== bucketId),
  };
  for (const [kind, known] of [
    ['key', ledger.keys],
    ['bucket', ledger.buckets],
  ]) {
    const deleting = open.filter((one) => one.do === `delete ${kind}`).map((one) => one.id);
    const making = open.filter((one) => one.do === `create ${kind}`).length;
    const listed = new Set(ids[kind]);
    for (const id of known) if (!listed.has(id)) problems.push(`${kind} lost: ${id}`);
    for (const id of ledger.gone) if (listed.has(id)) problems.push(`${kind} deleted and there again: ${id}`);
    const more = ids[kind].filter((id) => !known.has(id) && !deleting.includes(id));
    if (more.length > making) problems.push(`${more.length} ${kind}s where ${making} were being made`);
    for (const id of ids[kind]) known.add(id);
  }
}

/** After the sweep of a start, before any work: each blob has a record, each record its blob, and nothing is left to delete. */
export async function findOrphans(dataFolder) {
  const store = await openLocalStore({ directory: dataFolder });
  try {
    const ids = async (table) => {
      const rows = [];
      let start = Uint8Array.of(0);
      for (;;) {
        const page = await store.metadata.scan(table, { start, end: undefined, limit: 1000 });
        rows.push(...page.map(({ key }) => Buffer.from(key.subarray(0, -2)).toString('latin1')));
        const last = page.at(-1)?.key;
        if (page.length < 1000 || last === undefined) return rows;
        start = Uint8Array.of(...last, 0);
      }
    };
    const inline = new Set(await ids('inlineBlobs'));
    const expected = new Set((await ids('blobReferences')).filter((id) => !inline.has(id)));
    const stored = readdirSync(join(dataFolder, 'blobs'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
    const problems = stored.filter((id) => !expected.has(id)).map((id) => `orphan blob: ${id}`);
    for (const id of expected) if (!stored.includes(id)) problems.push(`blob missing: ${id}`);
    for (const id of await ids('pendingDeletions')) problems.push(`still to be deleted: ${id}`);
    return problems;
  } finally {
    await store.close();
  }
}
