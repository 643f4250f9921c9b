import assert from 'node:assert/strict';
import { tell } from './event-model.ts';
import { refusalOfDelete, refusalOfHold, refusalOfRetention, retentionFrom } from './lock-model.ts';
import { retentionJson } from './lock-wire.ts';
import type { ModelBucket } from './model.ts';
import { isDone, pick, type Scene } from './scene.ts';
import type { VersionSteps } from './step.ts';

type Details<Name extends keyof VersionSteps> = VersionSteps[Name];

export async function deleteVersion(
  { server, model, callers }: Scene,
  bucket: ModelBucket,
  { version: index, bypass, by }: Details<'delete version'>,
): Promise<void> {
  const version = pick(bucket.versions, index);
  if (version === undefined) return;
  const caller = callers.get(by);
  const fields = { fileName: version.name, fileId: version.fileId, bypassGovernance: bypass };
  const answer = await server.call('b2_delete_file_version', fields, await caller.options());
  const { rights } = caller;
  if (!isDone(answer, refusalOfDelete(version, { bypass, rights, now: model.now() }))) return;
  model.remove(bucket, version);
  if (version.action === 'upload') tell(bucket, 'b2:ObjectDeleted:Delete', version, model.now());
}

export async function retain(
  { server, model, callers }: Scene,
  bucket: ModelBucket,
  { version: index, retention, bypass, by }: Details<'retain'>,
): Promise<void> {
  const version = pick(bucket.versions, index);
  if (version === undefined) return;
  const { rights, options } = callers.get(by);
  const now = model.now();
  const next = retentionFrom(retention, now);
  const file = { fileName: version.name, fileId: version.fileId };
  const change = { ...file, fileRetention: retentionJson(next) };
  const fields = { ...change, bypassGovernance: bypass };
  const answer = await server.call('b2_update_file_retention', fields, await options());
  if (!isDone(answer, refusalOfRetention(bucket.lock, version, { next, bypass, rights, now }))) return;
  assert.deepEqual(answer.json, change);
  version.lock = { ...version.lock, retention: next };
}

export async function hold({ server, callers }: Scene, bucket: ModelBucket, step: Details<'hold'>): Promise<void> {
  const version = pick(bucket.versions, step.version);
  if (version === undefined) return;
  const { rights, options } = callers.get(step.by);
  const change = { fileName: version.name, fileId: version.fileId, legalHold: step.hold };
  const answer = await server.call('b2_update_file_legal_hold', change, await options());
  if (!isDone(answer, refusalOfHold(bucket.lock, version, rights))) return;
  assert.deepEqual(answer.json, change);
  version.lock = { ...version.lock, hold: step.hold };
}
