import assert from 'node:assert/strict';
import type { ModelBucket, ModelVersion } from '../../../../packages/b2-protocol/src/test-support/model/model.ts';
import type { Wire } from '../wires/wire.ts';
import type { Scene } from './scene.ts';

/** Compares what an API shows in its listings of versions. */
export async function compareVersions({ model }: Scene, wire: Wire): Promise<void> {
  for (const bucket of model.buckets) {
    const expected = model
      .sorted(bucket)
      .filter(({ action }) => action !== 'start')
      .map(({ name, fileId, timestamp, action, data }) => ({ name, fileId, timestamp, action, size: data.length }));
    assert.deepEqual(await wire.listVersions(bucket), expected, wire.name);
  }
}

/** Compares everything that can be listed and read with the model, by each API. */
export async function compare(scene: Scene): Promise<void> {
  const { model, wires } = scene;
  for (const wire of Object.values(wires)) {
    assert.deepEqual([...(await wire.listBuckets())].sort(), model.buckets.map(({ name }) => name).sort());
    await compareVersions(scene, wire);
    for (const bucket of model.buckets) await compareBucket(scene, wire, bucket);
  }
}

async function compareBucket({ model }: Scene, wire: Wire, bucket: ModelBucket): Promise<void> {
  const visible = model.visible(bucket);
  const names = visible.map(({ name }) => name);
  for (const [prefix, delimiter] of [
    ['', ''],
    ['', '/'],
    ['a/', '/'],
    ['a', ''],
  ] as const) {
    assert.deepEqual(await wire.listNames(bucket, prefix, delimiter), model.folded(names, prefix, delimiter));
  }
  const unfinished = model.unfinished(bucket);
  assert.deepEqual([...(await wire.listUnfinished(bucket))].sort(), unfinished.map(({ fileId }) => fileId).sort());
  for (const file of unfinished) {
    const parts = [...file.parts].map(([number, data]) => [number, data.length]).sort();
    assert.deepEqual(await wire.listParts(bucket, file), parts);
  }
  for (const version of visible) {
    assert.deepEqual(await wire.readName(bucket, version.name, version.mode), { status: 200, text: version.data });
  }
  for (const version of bucket.versions) if (version.action === 'upload') await compareFile(wire, bucket, version);
}

async function compareFile(wire: Wire, bucket: ModelBucket, version: ModelVersion): Promise<void> {
  const { data, lock, mode } = version;
  assert.deepEqual(await wire.read(bucket, version), { status: 200, text: data });
  const { retention, hold } = lock;
  assert.deepEqual(await wire.lockOf(bucket, version), [retention?.mode ?? null, retention?.until ?? null, hold]);
  if (!mode.startsWith('SSE-C')) return;
  assert.equal((await wire.read(bucket, version, { mode: 'none' })).status, 400);
  const other = mode === 'SSE-C 1' ? 'SSE-C 2' : 'SSE-C 1';
  assert.equal((await wire.read(bucket, version, { mode: other })).status, 403);
}
