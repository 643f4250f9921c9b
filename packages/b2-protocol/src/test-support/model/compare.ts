import assert from 'node:assert/strict';
import type { TestServer } from '../test-server.ts';
import { callerNames, type Caller } from './caller.ts';
import { readHeaders } from './encryption.ts';
import { listNames, listVersions, type ListedVersion } from './listings.ts';
import { configurationSeen, lockHeaderNames, lockHeadersSeen, lockSeen } from './lock-wire.ts';
import type { Model, ModelBucket, ModelVersion } from './model.ts';
import type { Scene } from './scene.ts';

/** Compares everything that can be listed and read with the model. */
export async function compare(scene: Scene): Promise<void> {
  const { server, model, callers } = scene;
  for (const name of callerNames) await compareBuckets(scene, callers.get(name));
  const { keys } = await server.ok('b2_list_keys', { accountId: server.accountId });
  assert.deepEqual(
    keys.map(({ applicationKeyId }) => applicationKeyId),
    [...callers.keyIds, ...model.keys.map(({ id }) => id)].sort(),
  );
  for (const bucket of model.buckets) await compareBucket(scene, bucket);
}

/** Compares what a listing of all versions shows. */
export async function compareVersions({ server, model }: Scene, caller: Caller): Promise<void> {
  for (const bucket of model.buckets) {
    const listing = { bucketId: bucket.bucketId, maxFileCount: 1_000 };
    const rows = await listVersions(server, listing, await caller.options());
    const expected = model.sorted(bucket).map((version) => versionSeen(version, caller));
    assert.deepEqual(rows, expected);
  }
}

function versionSeen(version: ModelVersion, caller: Caller): ListedVersion {
  const { name, fileId, timestamp, action, data, lock } = version;
  const shown = { name, fileId, timestamp, action, size: data.length };
  return action === 'hide' ? shown : { ...shown, mode: shownMode(version), ...lockSeen(lock, caller) };
}

async function compareBuckets({ server, model }: Scene, caller: Caller): Promise<void> {
  const { buckets } = await server.ok('b2_list_buckets', { accountId: server.accountId }, await caller.options());
  const shown = buckets.map((bucket) => ({
    ...{ id: bucket.bucketId, name: bucket.bucketName, mode: bucket.defaultServerSideEncryption.value?.mode },
    ...{ lock: bucket.fileLockConfiguration, rules: bucket.lifecycleRules },
  }));
  const expected = model.buckets.map(({ bucketId: id, name, encrypts, lock, lifecycleRules: rules }) => ({
    ...{ id, name, mode: encrypts ? 'SSE-B2' : null, lock: configurationSeen(lock, caller), rules },
  }));
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  assert.deepEqual(shown.sort(byId), expected.sort(byId));
}

async function compareBucket(scene: Scene, bucket: ModelBucket): Promise<void> {
  const { server, model } = scene;
  await compareListings(server, model, bucket);
  const { files } = await server.ok('b2_list_unfinished_large_files', { bucketId: bucket.bucketId });
  assert.deepEqual(
    files.map(({ fileId }) => fileId).sort(),
    model
      .unfinished(bucket)
      .map(({ fileId }) => fileId)
      .sort(),
  );
  for (const version of bucket.versions) await compareVersion(scene, bucket, version);
  for (const version of model.visible(bucket))
    assert.equal(await read(server, `/file/${bucket.name}/${encodeURI(version.name)}`, version), version.data);
}

/** All pages, with and without folders. */
async function compareListings(server: TestServer, model: Model, bucket: ModelBucket): Promise<void> {
  for (const [prefix, delimiter] of [
    ['', ''],
    ['', '/'],
    ['a/', '/'],
    ['a', ''],
  ] as const) {
    const listing = { bucketId: bucket.bucketId, prefix, delimiter };
    const visible = model.visible(bucket).map(({ name }) => name);
    assert.deepEqual(await listNames(server, listing), model.folded(visible, prefix, delimiter));
    const all = model.sorted(bucket).map(({ name }) => name);
    const rows = await listVersions(server, { ...listing, maxFileCount: 3 });
    assert.deepEqual(
      rows.map(({ name }) => name),
      model.folded(all, prefix, delimiter),
    );
  }
}

async function compareVersion(scene: Scene, bucket: ModelBucket, version: ModelVersion): Promise<void> {
  const { fileId, action, parts, data } = version;
  if (action === 'start') {
    const listed = (await scene.server.ok('b2_list_parts', { fileId })).parts;
    assert.deepEqual(
      listed.map(({ partNumber, contentLength }) => [partNumber, contentLength]),
      [...parts].map(([number, part]) => [number, part.length]).sort(),
    );
  } else if (action === 'upload') {
    const path = `/b2api/v4/b2_download_file_by_id?fileId=${fileId}`;
    assert.equal(await read(scene.server, path, version), data);
    await compareRefusals(scene.server, path, version);
    await compareLockHeaders(scene, path, bucket, version);
  }
}

/** An SSE-C file is read with its key only. */
async function compareRefusals(server: TestServer, path: string, { mode }: ModelVersion): Promise<void> {
  if (mode !== 'SSE-C 1' && mode !== 'SSE-C 2') return;
  assert.equal((await server.download(path)).status, 400);
  const wrong = await server.download(path, { headers: readHeaders(mode === 'SSE-C 1' ? 'SSE-C 2' : 'SSE-C 1') });
  assert.equal(wrong.status, 403);
}

/** To each caller in turn: one for each version is enough. */
async function compareLockHeaders(
  { server, callers }: Scene,
  path: string,
  bucket: ModelBucket,
  version: ModelVersion,
): Promise<void> {
  const caller = callers.get(callerNames[bucket.versions.indexOf(version) % callerNames.length] ?? 'owner');
  const options = { ...(await caller.options()), headers: readHeaders(version.mode), head: true };
  const { status, headers } = await server.download(path, options);
  assert.equal(status, 200);
  const shown = lockHeaderNames.map((name) => [name, headers.get(name)] as const);
  assert.deepEqual(
    Object.fromEntries(shown.filter(([, value]) => value !== undefined)),
    lockHeadersSeen(version.lock, bucket.lock.enabled, caller),
  );
}

async function read(server: TestServer, path: string, version: ModelVersion): Promise<string> {
  const { status, bytes } = await server.download(path, { headers: readHeaders(version.mode) });
  assert.equal(status, 200);
  return Buffer.from(bytes).toString('latin1');
}

function shownMode({ mode }: ModelVersion): string | null {
  return mode === 'none' ? null : mode.slice(0, mode === 'SSE-B2' ? 6 : 5);
}
