import assert from 'node:assert/strict';
import { sha1, type TestServer } from '../test-server.ts';
import { encryptionJson, readHeaders } from './encryption.ts';
import { tell } from './event-model.ts';
import { contentOf } from './file-steps.ts';
import { lockOfNew, refusalOfNew } from './lock-model.ts';
import { lockJson } from './lock-wire.ts';
import type { ModelBucket, ModelVersion } from './model.ts';
import { add, isDone, pick, type Scene } from './scene.ts';
import { nameOf, type LargeFileSteps } from './step.ts';

type Details<Name extends keyof LargeFileSteps> = LargeFileSteps[Name];

export async function start(
  { server, model, callers }: Scene,
  bucket: ModelBucket,
  step: Details<'start'>,
): Promise<void> {
  const name = nameOf(step.name);
  const caller = callers.get(step.by);
  const fields = {
    ...{ bucketId: bucket.bucketId, fileName: name, contentType: 'b2/x-auto' },
    serverSideEncryption: encryptionJson(step.mode),
    ...lockJson(step.lock, model.now()),
  };
  const answer = await server.call('b2_start_large_file', fields, await caller.options());
  if (!isDone(answer, refusalOfNew(bucket.lock, step.lock, caller.rights))) return;
  const mode = model.effective(bucket, step.mode);
  const lock = lockOfNew(bucket.lock, step.lock, model.now());
  const file = add(model, bucket, answer.json, { name, data: '', mode, action: 'start', lock });
  if (step.filled) for (const number of [1, 2]) await uploadPart(server, file, number, contentOf(300, number));
}

export async function part({ server, model }: Scene, bucket: ModelBucket, step: Details<'part'>): Promise<void> {
  const file = pick(model.unfinished(bucket), step.file);
  const data = contentOf(step.size, step.part);
  if (file !== undefined && data !== '') await uploadPart(server, file, step.part, data);
}

async function uploadPart(server: TestServer, file: ModelVersion, number: number, data: string): Promise<void> {
  const { status } = await server.uploadPart(file.fileId, number, data, { headers: readHeaders(file.mode) });
  assert.equal(status, 200);
  file.parts.set(number, data);
}

export async function finish({ server, model }: Scene, bucket: ModelBucket, step: Details<'finish'>): Promise<void> {
  const file = pick(model.unfinished(bucket), step.file);
  if (file === undefined) return;
  const parts = [...file.parts.keys()].sort((a, b) => a - b).map((number) => file.parts.get(number) ?? '');
  const fields = { fileId: file.fileId, partSha1Array: parts.map(sha1) };
  const { status, json } = await server.call('b2_finish_large_file', fields);
  const whole = parts.length >= 2 && parts.every((_, index) => file.parts.has(index + 1));
  if (!whole || parts.slice(0, -1).some((data) => data.length < 10)) {
    assert.equal(status, 400, JSON.stringify(json));
    return;
  }
  assert.equal(status, 200, JSON.stringify(json));
  Object.assign(file, { action: 'upload', data: parts.join(''), since: Math.max(file.timestamp, model.now()) });
  tell(bucket, 'b2:ObjectCreated:MultipartUpload', file, model.now());
}

export async function cancel({ server, model }: Scene, bucket: ModelBucket, step: Details<'cancel'>): Promise<void> {
  const file = pick(model.unfinished(bucket), step.file);
  if (file === undefined) return;
  await server.ok('b2_cancel_large_file', { fileId: file.fileId });
  model.remove(bucket, file);
}
