import assert from 'node:assert/strict';
import { customerKey, sseB2Headers, sseB2Json } from '../customer-keys.ts';
import { sha1, type TestServer } from '../test-server.ts';
import type { Mode, Model, ModelBucket, ModelVersion } from './model.ts';
import { bucketNames, names, type Step } from './step.ts';

const customerKeys = { 'SSE-C 1': customerKey(1), 'SSE-C 2': customerKey(2) } as const;

/** Headers that ask for an encryption. */
function headersOf(mode: Mode): Readonly<Record<string, string>> {
  if (mode === 'none') return {};
  return mode === 'SSE-B2' ? sseB2Headers : customerKeys[mode].headers;
}

/** The customer key that reading needs. */
export function readHeaders(mode: Mode): Readonly<Record<string, string>> {
  return mode === 'none' || mode === 'SSE-B2' ? {} : customerKeys[mode].headers;
}

/** A JSON setting that asks for an encryption. */
function jsonOf(mode: Mode): object {
  if (mode === 'none') return { mode: null };
  return mode === 'SSE-B2' ? sseB2Json : customerKeys[mode].json;
}

/** Runs one step on the server and the model, and checks that both come to the same verdict. */
export async function runStep(server: TestServer, model: Model, step: Step): Promise<void> {
  switch (step.do) {
    case 'create bucket':
      return createBucket(server, model, bucketNames[step.bucket % bucketNames.length] ?? '', step.encrypts);
    case 'create key':
      return createKey(server, model, `key-${step.name}`);
    case 'delete key':
      return deleteKey(server, model, step.key);
    default: {
      const bucket = pick(model.buckets, step.bucket);
      return bucket && inBucket(server, model, bucket, step);
    }
  }
}

type BucketStep = Exclude<Step, { do: 'create bucket' | 'create key' | 'delete key' }>;

async function inBucket(server: TestServer, model: Model, bucket: ModelBucket, step: BucketStep): Promise<void> {
  switch (step.do) {
    case 'set default':
      return setDefault(server, bucket, step.encrypts);
    case 'delete bucket':
      return deleteBucket(server, model, bucket);
    case 'upload':
      return upload(server, model, bucket, nameOf(step.name), contentOf(step.size, step.name), step.mode);
    case 'hide':
      return hide(server, model, bucket, nameOf(step.name));
    case 'delete version':
      return deleteVersion(server, bucket, pick(bucket.versions, step.version));
    case 'start':
      return start(server, model, bucket, nameOf(step.name), step.mode, step.filled);
    case 'part':
      return part(server, pick(model.unfinished(bucket), step.file), step.part, contentOf(step.size, step.part));
    case 'finish':
      return finish(server, pick(model.unfinished(bucket), step.file));
    case 'cancel':
      return cancel(server, bucket, pick(model.unfinished(bucket), step.file));
    case 'copy':
      return copy(server, model, bucket, step);
  }
}

async function createBucket(server: TestServer, model: Model, name: string, encrypts: boolean): Promise<void> {
  const setting = encrypts ? { defaultServerSideEncryption: sseB2Json } : {};
  const fields = { accountId: server.accountId, bucketName: name, bucketType: 'allPrivate', ...setting };
  const { status, json } = await server.call('b2_create_bucket', fields);
  if (model.buckets.some((bucket) => bucket.name === name)) {
    assert.equal(json.code, 'duplicate_bucket_name');
    return;
  }
  assert.equal(status, 200);
  model.buckets.push({ bucketId: json.bucketId, name, encrypts, versions: [] });
}

async function setDefault(server: TestServer, bucket: ModelBucket, encrypts: boolean): Promise<void> {
  const defaultServerSideEncryption = encrypts ? sseB2Json : { mode: 'none' };
  const fields = { accountId: server.accountId, bucketId: bucket.bucketId, defaultServerSideEncryption };
  await server.ok('b2_update_bucket', fields);
  bucket.encrypts = encrypts;
}

async function deleteBucket(server: TestServer, model: Model, bucket: ModelBucket): Promise<void> {
  const fields = { accountId: server.accountId, bucketId: bucket.bucketId };
  const { status, json } = await server.call('b2_delete_bucket', fields);
  if (bucket.versions.length > 0) {
    assert.equal(json.code, 'cannot_delete_non_empty_bucket');
    return;
  }
  assert.equal(status, 200);
  model.buckets = model.buckets.filter((one) => one !== bucket);
}

async function upload(
  server: TestServer,
  model: Model,
  bucket: ModelBucket,
  name: string,
  data: string,
  mode: Mode,
): Promise<void> {
  const { json } = await server.upload(bucket.bucketId, name, data, { headers: headersOf(mode) });
  add(model, bucket, { ...json, name, data, mode: model.effective(bucket, mode), action: 'upload' });
}

async function hide(server: TestServer, model: Model, bucket: ModelBucket, name: string): Promise<void> {
  const { json } = await server.call('b2_hide_file', { bucketId: bucket.bucketId, fileName: name });
  const current = model.current(bucket, name);
  if (current === undefined) {
    assert.equal(json.code, 'no_such_file');
    return;
  }
  if (current.action === 'hide') {
    assert.equal(json.code, 'already_hidden');
    return;
  }
  add(model, bucket, { ...json, name, data: '', mode: 'none', action: 'hide' });
}

async function deleteVersion(
  server: TestServer,
  bucket: ModelBucket,
  version: ModelVersion | undefined,
): Promise<void> {
  if (version === undefined) return;
  await server.ok('b2_delete_file_version', { fileName: version.name, fileId: version.fileId });
  bucket.versions = bucket.versions.filter((one) => one !== version);
}

async function start(
  server: TestServer,
  model: Model,
  bucket: ModelBucket,
  name: string,
  mode: Mode,
  filled: boolean,
): Promise<void> {
  const fields = {
    bucketId: bucket.bucketId,
    fileName: name,
    contentType: 'b2/x-auto',
    serverSideEncryption: jsonOf(mode),
  };
  const json = await server.ok('b2_start_large_file', fields);
  add(model, bucket, { ...json, name, data: '', mode: model.effective(bucket, mode), action: 'start' });
  const file = bucket.versions.at(-1);
  if (filled) for (const number of [1, 2]) await part(server, file, number, contentOf(300, number));
}

async function part(server: TestServer, file: ModelVersion | undefined, number: number, data: string): Promise<void> {
  if (file === undefined || data === '') return;
  const { status } = await server.uploadPart(file.fileId, number, data, { headers: readHeaders(file.mode) });
  assert.equal(status, 200);
  file.parts.set(number, data);
}

async function finish(server: TestServer, file: ModelVersion | undefined): Promise<void> {
  if (file === undefined) return;
  const parts = [...file.parts.keys()].sort((a, b) => a - b).map((number) => file.parts.get(number) ?? '');
  const { status, json } = await server.call('b2_finish_large_file', {
    fileId: file.fileId,
    partSha1Array: parts.map(sha1),
  });
  const whole = parts.length >= 2 && parts.every((_, index) => file.parts.has(index + 1));
  if (!whole || parts.slice(0, -1).some((data) => data.length < 10)) {
    assert.equal(status, 400, JSON.stringify(json));
    return;
  }
  assert.equal(status, 200, JSON.stringify(json));
  file.action = 'upload';
  file.data = parts.join('');
}

async function cancel(server: TestServer, bucket: ModelBucket, file: ModelVersion | undefined): Promise<void> {
  if (file === undefined) return;
  await server.ok('b2_cancel_large_file', { fileId: file.fileId });
  bucket.versions = bucket.versions.filter((one) => one !== file);
}

async function copy(
  server: TestServer,
  model: Model,
  bucket: ModelBucket,
  step: Extract<Step, { do: 'copy' }>,
): Promise<void> {
  const source = pick(
    bucket.versions.filter(({ action }) => action === 'upload'),
    step.version,
  );
  const target = pick(model.buckets, step.to);
  if (source === undefined || target === undefined) return;
  const name = nameOf(step.name);
  const ranged = step.range && source.data.length > 3;
  const json = await server.ok('b2_copy_file', {
    ...{ sourceFileId: source.fileId, destinationBucketId: target.bucketId, fileName: name },
    ...(ranged ? { range: 'bytes=1-2' } : {}),
    ...(source.mode.startsWith('SSE-C') ? { sourceServerSideEncryption: jsonOf(source.mode) } : {}),
    destinationServerSideEncryption: jsonOf(step.mode),
  });
  const data = ranged ? source.data.slice(1, 3) : source.data;
  add(model, target, { ...json, name, data, mode: model.effective(target, step.mode), action: 'upload' });
}

async function createKey(server: TestServer, model: Model, name: string): Promise<void> {
  const fields = { accountId: server.accountId, capabilities: ['listFiles'], keyName: name };
  const { applicationKeyId } = await server.ok('b2_create_key', fields);
  model.keys.push({ id: applicationKeyId, name });
}

async function deleteKey(server: TestServer, model: Model, index: number): Promise<void> {
  const key = pick(model.keys, index);
  if (key === undefined) return;
  await server.ok('b2_delete_key', { applicationKeyId: key.id });
  model.keys = model.keys.filter((one) => one !== key);
}

/** Takes a new version into the model. It must be newer than every one that its name has had. */
function add(
  model: Model,
  bucket: ModelBucket,
  answer: { fileId?: string | null; uploadTimestamp?: number } & Pick<
    ModelVersion,
    'name' | 'data' | 'mode' | 'action'
  >,
): void {
  const { fileId, uploadTimestamp: timestamp, name, data, mode, action } = answer;
  assert.ok(typeof fileId === 'string' && timestamp !== undefined);
  for (const other of model.sorted(bucket)) if (other.name === name) assert.ok(other.timestamp < timestamp);
  bucket.versions.push({ fileId, timestamp, name, data, mode, action, parts: new Map() });
}

function pick<T>(all: readonly T[], index: number): T | undefined {
  return all.length === 0 ? undefined : all[index % all.length];
}

function nameOf(index: number): string {
  return names[index % names.length] ?? '';
}

function contentOf(size: number, seed: number): string {
  return String.fromCharCode(97 + (seed % 26)).repeat(size);
}
