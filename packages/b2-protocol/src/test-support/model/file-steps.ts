import { encryptionHeaders, encryptionJson } from './encryption.ts';
import { tell } from './event-model.ts';
import { lockOfNew, refusalOfNew } from './lock-model.ts';
import { lockHeaders, lockJson } from './lock-wire.ts';
import type { ModelBucket } from './model.ts';
import { add, isDone, pick, type Scene } from './scene.ts';
import { nameOf, type FileSteps } from './step.ts';

type Details<Name extends keyof FileSteps> = FileSteps[Name];

export async function upload(
  { server, model, callers }: Scene,
  bucket: ModelBucket,
  step: Details<'upload'>,
): Promise<void> {
  const name = nameOf(step.name);
  const data = contentOf(step.size, step.name);
  const caller = callers.get(step.by);
  const headers = { ...encryptionHeaders(step.mode), ...lockHeaders(step.lock, model.now()) };
  const answer = await server.upload(bucket.bucketId, name, data, { ...(await caller.options()), headers });
  if (!isDone(answer, refusalOfNew(bucket.lock, step.lock, caller.rights))) return;
  const mode = model.effective(bucket, step.mode);
  const lock = lockOfNew(bucket.lock, step.lock, model.now());
  const version = add(model, bucket, answer.json, { name, data, mode, action: 'upload', lock });
  tell(bucket, 'b2:ObjectCreated:Upload', version, model.now());
}

export async function hide({ server, model }: Scene, bucket: ModelBucket, step: Details<'hide'>): Promise<void> {
  const name = nameOf(step.name);
  const answer = await server.call('b2_hide_file', { bucketId: bucket.bucketId, fileName: name });
  const current = model.current(bucket, name);
  const code = current === undefined ? 'no_such_file' : current.action === 'hide' ? 'already_hidden' : undefined;
  if (!isDone(answer, code && { status: 400, code })) return;
  const lock = { retention: null, hold: null };
  const version = add(model, bucket, answer.json, { name, data: '', mode: 'none', action: 'hide', lock });
  tell(bucket, 'b2:HideMarkerCreated:Hide', version, model.now());
}

export async function copy(
  { server, model, callers }: Scene,
  bucket: ModelBucket,
  step: Details<'copy'>,
): Promise<void> {
  const source = pick(
    bucket.versions.filter(({ action }) => action === 'upload'),
    step.version,
  );
  const target = pick(model.buckets, step.to);
  if (source === undefined || target === undefined) return;
  const name = nameOf(step.name);
  const ranged = step.range && source.data.length > 3;
  const fields = {
    ...{ sourceFileId: source.fileId, destinationBucketId: target.bucketId, fileName: name },
    ...(ranged ? { range: 'bytes=1-2' } : {}),
    ...(source.mode.startsWith('SSE-C') ? { sourceServerSideEncryption: encryptionJson(source.mode) } : {}),
    destinationServerSideEncryption: encryptionJson(step.mode),
    ...lockJson(step.lock, model.now()),
  };
  const caller = callers.get(step.by);
  const answer = await server.call('b2_copy_file', fields, await caller.options());
  if (!isDone(answer, refusalOfNew(target.lock, step.lock, caller.rights))) return;
  const data = ranged ? source.data.slice(1, 3) : source.data;
  const mode = model.effective(target, step.mode);
  const lock = lockOfNew(target.lock, step.lock, model.now());
  const version = add(model, target, answer.json, { name, data, mode, action: 'upload', lock });
  tell(target, 'b2:ObjectCreated:Copy', version, model.now());
}

export function contentOf(size: number, seed: number): string {
  return String.fromCharCode(97 + (seed % 26)).repeat(size);
}
