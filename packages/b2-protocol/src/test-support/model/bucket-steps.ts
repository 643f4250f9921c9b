import assert from 'node:assert/strict';
import { sseB2Json } from '../customer-keys.ts';
import type { TestServer } from '../test-server.ts';
import { eventRules } from './event-model.ts';
import { missingLock, unauthorized, type Refusal } from './lock-model.ts';
import { newBucket, type LifecycleRule, type ModelBucket } from './model.ts';
import { isDone, type Scene } from './scene.ts';
import { bucketNames, type AccountSteps, type BucketSteps } from './step.ts';

type Details<Name extends keyof BucketSteps> = BucketSteps[Name];

export async function createBucket(scene: Scene, step: AccountSteps['create bucket']): Promise<void> {
  const { server, model } = scene;
  const name = bucketNames[step.bucket % bucketNames.length] ?? '';
  const answer = await server.call('b2_create_bucket', {
    ...{ accountId: server.accountId, bucketName: name, bucketType: 'allPrivate', fileLockEnabled: step.locks },
    ...(step.encrypts ? { defaultServerSideEncryption: sseB2Json } : {}),
  });
  const isTaken = model.buckets.some((bucket) => bucket.name === name);
  if (!isDone(answer, isTaken ? { status: 400, code: 'duplicate_bucket_name' } : undefined)) return;
  const bucket = newBucket(answer.json.bucketId, name, step);
  model.buckets.push(bucket);
  if (step.tells) await askForEvents(server, bucket);
}

async function askForEvents(server: TestServer, { bucketId }: ModelBucket): Promise<void> {
  const targetConfiguration = { targetType: 'webhook', url: 'https://example.com/hook' };
  const eventNotificationRules = Object.entries(eventRules).map(([name, category]) => ({
    ...{ name, eventTypes: [`${category}:*`], isEnabled: true, objectNamePrefix: '' },
    ...{ maxEventsPerBatch: 50, targetConfiguration },
  }));
  await server.ok('b2_set_bucket_notification_rules', { bucketId, eventNotificationRules });
}

export async function setDefault(
  { server }: Scene,
  bucket: ModelBucket,
  { encrypts }: Details<'set default'>,
): Promise<void> {
  const defaultServerSideEncryption = encrypts ? sseB2Json : { mode: 'none' };
  const fields = { accountId: server.accountId, bucketId: bucket.bucketId, defaultServerSideEncryption };
  await server.ok('b2_update_bucket', fields);
  bucket.encrypts = encrypts;
}

export async function deleteBucket({ server, model }: Scene, bucket: ModelBucket): Promise<void> {
  const fields = { accountId: server.accountId, bucketId: bucket.bucketId };
  const answer = await server.call('b2_delete_bucket', fields);
  const isEmpty = bucket.versions.length === 0;
  if (!isDone(answer, isEmpty ? undefined : { status: 400, code: 'cannot_delete_non_empty_bucket' })) return;
  model.buckets = model.buckets.filter((one) => one !== bucket);
}

export async function enableLock(scene: Scene, bucket: ModelBucket, { by }: Details<'enable lock'>): Promise<void> {
  const caller = scene.callers.get(by);
  const fields = { bucketId: bucket.bucketId, fileLockEnabled: true };
  const answer = await scene.server.call('b2_update_bucket', fields, await caller.options());
  const refusal = caller.rights.has('writeBucketRetentions') ? undefined : unauthorized;
  if (isDone(answer, refusal)) bucket.lock = { ...bucket.lock, enabled: true };
}

export async function setRetention(
  scene: Scene,
  bucket: ModelBucket,
  { retention, by }: Details<'set retention'>,
): Promise<void> {
  const caller = scene.callers.get(by);
  const period = retention && { duration: retention.days, unit: 'days' };
  const defaultRetention = { mode: retention?.mode ?? 'none', period };
  const fields = { bucketId: bucket.bucketId, defaultRetention };
  const answer = await scene.server.call('b2_update_bucket', fields, await caller.options());
  const refusalOfLock = bucket.lock.enabled ? undefined : missingLock;
  const refusal = caller.rights.has('writeBucketRetentions') ? refusalOfLock : unauthorized;
  if (isDone(answer, refusal)) bucket.lock = { ...bucket.lock, standard: retention };
}

export async function setRules(scene: Scene, bucket: ModelBucket, { rules }: Details<'set rules'>): Promise<void> {
  const fields = { bucketId: bucket.bucketId, lifecycleRules: rules };
  const answer = await scene.server.call('b2_update_bucket', fields);
  if (!isDone(answer, refusalOfRules(rules))) return;
  bucket.lifecycleRules = rules;
  assert.deepEqual(answer.json.lifecycleRules, rules);
}

/** Every rule does something, and no two are for the same name. */
function refusalOfRules(rules: readonly LifecycleRule[]): Refusal | undefined {
  const overlap = rules.some((rule) =>
    rules.some((other) => other !== rule && other.fileNamePrefix.startsWith(rule.fileNamePrefix)),
  );
  const isIdle = rules.some((rule) => Object.values(rule).filter((value) => value !== null).length === 1);
  return overlap || isIdle ? { status: 400, code: 'bad_request' } : undefined;
}
