import { modes, Refusal, settingOf } from './client.mjs';
import { contentOf, sha1 } from './random.mjs';

const sizes = [0, 1, 500, 1999, 2000, 2001, 16_384, 40_000, 200_000];
let counter = 0;

/** Works on the server from several connections until it is gone. */
export async function work(client, ledger, random, bucketId, connections) {
  const stop = { now: false };
  const loops = Array.from({ length: connections }, () => loop(stop, client, ledger, random, bucketId));
  return { stop: () => (stop.now = true), ended: Promise.all(loops) };
}

async function loop(stop, client, ledger, random, bucketId) {
  const operations = [upload, upload, upload, upload, large, large, copy, hide, remove, remove, key, bucket];
  while (!stop.now) {
    try {
      await random.pick(operations)({ client, ledger, random, bucketId });
    } catch (error) {
      // A refusal is the answer to a race with another connection; the operation it belongs to did nothing.
      if (!(error instanceof Refusal)) return;
      ledger.refused = error.message;
    }
  }
}

function newContent(random) {
  return { name: `file-${random.below(40)}`, seed: ++counter, size: random.pick(sizes), mode: random.pick(modes) };
}

async function upload({ client, ledger, random, bucketId }) {
  const file = newContent(random);
  const url = await client.call('b2_get_upload_url', { bucketId });
  const headers = { 'X-Bz-File-Name': file.name, 'Content-Type': 'b2/x-auto' };
  const send = () => client.send(url, contentOf(file.seed, file.size), file.mode, headers);
  await ledger.during({ do: 'upload', ...file }, send, ({ fileId }) =>
    ledger.versions.set(fileId, { action: 'upload', ...file }),
  );
}

async function large({ client, ledger, random, bucketId }) {
  const file = { ...newContent(random), size: 0, parts: new Map(), action: 'start' };
  const fields = {
    bucketId,
    fileName: file.name,
    contentType: 'b2/x-auto',
    serverSideEncryption: settingOf(file.mode),
  };
  let fileId;
  await ledger.during(
    { do: 'start', ...file },
    () => client.call('b2_start_large_file', fields),
    (answer) => {
      fileId = answer.fileId;
      ledger.versions.set(fileId, file);
    },
  );
  const url = await client.call('b2_get_upload_part_url', { fileId });
  for (let number = 1; number <= 1 + random.below(3); number++) {
    const part = { seed: ++counter, size: 100 + random.below(30_000) };
    const data = contentOf(part.seed, part.size);
    const mode = file.mode === 'SSE-C' ? 'SSE-C' : 'none';
    const send = () => client.send(url, data, mode, { 'X-Bz-Part-Number': String(number) });
    await ledger.during({ do: 'part', fileId, number, ...part }, send, () => file.parts.set(number, part));
  }
  if (random.below(3) === 0) return cancel(client, ledger, fileId);
  if (file.parts.size < 2 || random.below(3) === 0) return;
  const partSha1Array = [...file.parts.values()].map(({ seed, size }) => sha1(contentOf(seed, size)));
  const finish = () => client.call('b2_finish_large_file', { fileId, partSha1Array });
  await ledger.during({ do: 'finish', fileId }, finish, () => (file.action = 'upload'));
}

async function cancel(client, ledger, fileId) {
  const send = () => client.call('b2_cancel_large_file', { fileId });
  await ledger.during({ do: 'delete', fileId }, send, () => forget(ledger, fileId));
}

async function copy({ client, ledger, random, bucketId }) {
  const [sourceFileId, source] = pickVersion(ledger, random, 'upload') ?? [];
  if (source === undefined) return;
  const target = newContent(random);
  const file = {
    action: 'upload',
    name: target.name,
    mode: target.mode,
    seed: source.seed,
    size: source.size,
    parts: source.parts,
  };
  const fields = {
    ...{ sourceFileId, destinationBucketId: bucketId, fileName: file.name },
    ...(source.mode === 'SSE-C' ? { sourceServerSideEncryption: settingOf('SSE-C') } : {}),
    destinationServerSideEncryption: settingOf(file.mode),
  };
  const send = () => client.call('b2_copy_file', fields);
  await ledger.during({ do: 'upload', ...file }, send, ({ fileId }) => ledger.versions.set(fileId, file));
}

async function hide({ client, ledger, random, bucketId }) {
  const name = `file-${random.below(40)}`;
  const send = () => client.call('b2_hide_file', { bucketId, fileName: name });
  const operation = { do: 'hide', name };
  await orNothing(ledger, operation, () =>
    ledger.during(operation, send, ({ fileId }) => ledger.versions.set(fileId, { action: 'hide', name })),
  );
}

async function remove({ client, ledger, random }) {
  const [fileId, version] = pickVersion(ledger, random) ?? [];
  if (version === undefined) return;
  const operation = { do: 'delete', fileId };
  const send = () => client.call('b2_delete_file_version', { fileName: version.name, fileId });
  await orNothing(ledger, operation, () => ledger.during(operation, send, () => forget(ledger, fileId)));
}

async function key({ client, ledger, random }) {
  const { accountId } = client;
  const [existing] = ledger.keys;
  if (existing !== undefined && random.below(2) === 0) {
    const operation = { do: 'delete key', id: existing };
    ledger.keys.delete(existing);
    const send = () => client.call('b2_delete_key', { applicationKeyId: existing });
    return orNothing(ledger, operation, () => ledger.during(operation, send, () => ledger.gone.add(existing)));
  }
  const send = () => client.call('b2_create_key', { accountId, capabilities: ['listFiles'], keyName: 'crash' });
  await ledger.during({ do: 'create key' }, send, ({ applicationKeyId }) => ledger.keys.add(applicationKeyId));
}

async function bucket({ client, ledger, random }) {
  const { accountId } = client;
  const [existing] = ledger.buckets;
  if (existing !== undefined && (ledger.buckets.size > 5 || random.below(2) === 0)) {
    const operation = { do: 'delete bucket', id: existing };
    ledger.buckets.delete(existing);
    const send = () => client.call('b2_delete_bucket', { accountId, bucketId: existing });
    return orNothing(ledger, operation, () => ledger.during(operation, send, () => ledger.gone.add(existing)));
  }
  const fields = { accountId, bucketName: `crash-${++counter}-${random.below(1e6)}`, bucketType: 'allPrivate' };
  await ledger.during(
    { do: 'create bucket' },
    () => client.call('b2_create_bucket', fields),
    ({ bucketId }) => ledger.buckets.add(bucketId),
  );
}

/** A refused operation did nothing, so it is no longer open. */
async function orNothing(ledger, operation, run) {
  try {
    await run();
  } catch (error) {
    if (error instanceof Refusal) ledger.open.delete(operation);
    throw error;
  }
}

function forget(ledger, fileId) {
  ledger.versions.delete(fileId);
  ledger.gone.add(fileId);
}

function pickVersion(ledger, random, action) {
  const all = [...ledger.versions].filter(([, version]) => action === undefined || version.action === action);
  return all.length === 0 ? undefined : random.pick(all);
}
