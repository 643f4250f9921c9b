import assert from 'node:assert/strict';
import { tell } from './event-model.ts';
import { lifecycleWork, type LifecycleWork } from './lifecycle-model.ts';
import type { ModelBucket, ModelVersion } from './model.ts';
import { add, pick, type Scene } from './scene.ts';
import type { AccountSteps } from './step.ts';

type Details<Name extends keyof AccountSteps> = AccountSteps[Name];

export async function createKey({ server, model }: Scene, { name }: Details<'create key'>): Promise<void> {
  const keyName = `key-${name}`;
  const fields = { accountId: server.accountId, capabilities: ['listFiles'], keyName };
  const { applicationKeyId } = await server.ok('b2_create_key', fields);
  model.keys.push({ id: applicationKeyId, name: keyName });
}

export async function deleteKey({ server, model }: Scene, { key: index }: Details<'delete key'>): Promise<void> {
  const key = pick(model.keys, index);
  if (key === undefined) return;
  await server.ok('b2_delete_key', { applicationKeyId: key.id });
  model.keys = model.keys.filter((one) => one !== key);
}

/**
 * Tokens do not last for days: the owner authorizes anew. The store notices a clock that was set back, or a wait of
 * more than 30 days, and the operator confirms the clock.
 */
export async function wait({ server, clock }: Scene, { hours }: Details<'wait'>): Promise<void> {
  clock.advance(hours * 60 * 60 * 1_000);
  const { doubt } = await server.storage.clock.keep();
  if (doubt !== null) await server.storage.clock.confirm();
  await server.renewMasterToken();
}

/** Applies the rules of all buckets once, after a dry run which says the same and changes nothing. */
export async function runLifecycle(scene: Scene): Promise<void> {
  const { model, server } = scene;
  const work = model.buckets.map((bucket) => ({ bucket, works: lifecycleWork(bucket, model.now()) }));
  const expected = work.flatMap(({ works }) => works.flatMap(actionsOf)).sort();
  for (const [dryRun, result] of [
    [true, 'planned'],
    [false, 'done'],
  ] as const) {
    const actions: string[] = [];
    for await (const outcome of server.storage.lifecycle.run({ dryRun })) {
      assert.equal(outcome.result, result);
      actions.push(`${outcome.action.kind} ${outcome.action.fileId}`);
    }
    assert.deepEqual(actions.sort(), expected);
  }
  for (const { bucket, works } of work) for (const each of works) await applyWork(scene, bucket, each);
}

function actionsOf({ hide, cancel, remove }: LifecycleWork): string[] {
  return [
    ...(hide ? [`hide ${hide.fileId}`] : []),
    ...cancel.map(({ fileId }) => `cancel-large-file ${fileId}`),
    ...remove.map(({ fileId, action }) => `${action === 'hide' ? 'delete-hide-marker' : 'delete-version'} ${fileId}`),
  ];
}

async function applyWork(scene: Scene, bucket: ModelBucket, { hide, cancel, remove }: LifecycleWork): Promise<void> {
  const { model } = scene;
  if (hide !== undefined) await addMarker(scene, bucket, hide);
  for (const version of [...cancel, ...remove]) {
    model.remove(bucket, version);
    if (version.action === 'upload') tell(bucket, 'b2:ObjectDeleted:LifecycleRule', version, model.now());
  }
}

/** The marker's id is the server's to choose. */
async function addMarker({ server, model }: Scene, bucket: ModelBucket, { name }: ModelVersion): Promise<void> {
  const listing = { bucketId: bucket.bucketId, prefix: name, maxFileCount: 1_000 };
  const { files } = await server.ok('b2_list_file_versions', listing);
  const known = new Set(bucket.versions.map(({ fileId }) => fileId));
  const [marker, ...others] = files.filter(({ fileName, fileId }) => fileName === name && !known.has(fileId ?? ''));
  assert.ok(marker?.action === 'hide' && others.length === 0);
  const lock = { retention: null, hold: null };
  const version = add(model, bucket, marker, { name, data: '', mode: 'none', action: 'hide', lock });
  tell(bucket, 'b2:HideMarkerCreated:LifecycleRule', version, model.now());
}
