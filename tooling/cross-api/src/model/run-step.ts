import {
  newBucket,
  type ModelBucket,
  type ModelVersion,
} from '../../../../packages/b2-protocol/src/test-support/model/model.ts';
import {
  refusalOfDelete,
  refusalOfHold,
  refusalOfRetention,
  retentionFrom,
} from '../../../../packages/b2-protocol/src/test-support/model/lock-model.ts';
import type { Wire } from '../wires/wire.ts';
import { add, isDone, pick, type Scene } from './scene.ts';
import { bucketNames, nameOf, type Step, type StepOf } from './step.ts';

/** One who may do everything. */
const rights: Parameters<typeof refusalOfHold>[2] = new Set([
  'writeFileRetentions',
  'writeFileLegalHolds',
  'bypassGovernance',
]);

/** Runs one step by its API and on the model, and checks that both come to the same verdict. */
export async function runStep(scene: Scene, step: Step): Promise<void> {
  const { faces, model, wires } = scene;
  const wire = wires[step.wire];
  if (step.do === 'wait') {
    faces.clock.advance(step.hours * 60 * 60 * 1_000);
    const { doubt } = await faces.storage.clock.keep();
    if (doubt !== null) await faces.storage.clock.confirm();
    await faces.b2.renewMasterToken();
    return;
  }
  if (step.do === 'create bucket') return createBucket(scene, wire, step);
  const bucket = pick(model.buckets, step.bucket);
  if (bucket !== undefined) await inBucket(scene, wire, bucket, step);
}

async function createBucket({ faces, model }: Scene, wire: Wire, step: StepOf<'create bucket'>): Promise<void> {
  const name = bucketNames[step.bucket % bucketNames.length] ?? '';
  const isTaken = model.buckets.some((bucket) => bucket.name === name);
  if (!isDone(await wire.createBucket(name, step), !isTaken)) return;
  const { bucketId } = await faces.storage.buckets.getByName(name);
  model.buckets.push(newBucket(bucketId, name, { ...step, tells: false }));
}

type InBucket = Exclude<Step, { readonly do: 'wait' | 'create bucket' }>;

async function inBucket(scene: Scene, wire: Wire, bucket: ModelBucket, step: InBucket): Promise<void> {
  switch (step.do) {
    case 'set default':
      await wire.setDefault(bucket, step.encrypts);
      bucket.encrypts = step.encrypts;
      return;
    case 'delete bucket':
      return deleteBucket(scene, wire, bucket);
    case 'put':
      return put(scene, wire, bucket, step);
    case 'hide':
      return hide(scene, wire, bucket, step);
    case 'copy':
      return copy(scene, wire, bucket, step);
    case 'delete version':
    case 'retain':
    case 'hold':
      return ofVersion(scene, wire, bucket, step);
    case 'start':
      return start(scene, wire, bucket, step);
    case 'part':
    case 'copy part':
    case 'finish':
    case 'cancel':
      return ofUpload(scene, wire, bucket, step);
  }
}

async function deleteBucket({ model }: Scene, wire: Wire, bucket: ModelBucket): Promise<void> {
  if (!isDone(await wire.deleteBucket(bucket), bucket.versions.length === 0)) return;
  model.buckets = model.buckets.filter((one) => one !== bucket);
}

async function put(scene: Scene, wire: Wire, bucket: ModelBucket, step: StepOf<'put'>): Promise<void> {
  const [name, data] = [nameOf(step.name), contentOf(step.size, step.name)];
  const made = await wire.put(bucket, name, data, step.mode);
  const mode = scene.model.effective(bucket, step.mode);
  await add(scene, bucket, made, { name, data, mode, action: 'upload' });
}

async function hide(scene: Scene, wire: Wire, bucket: ModelBucket, step: StepOf<'hide'>): Promise<void> {
  const name = nameOf(step.name);
  const isVisible = scene.model.current(bucket, name)?.action === 'upload';
  const made = await wire.hide(bucket, name);
  if (!isDone(made, isVisible || wire.hidesAnything)) return;
  await add(scene, bucket, made, { name, data: '', mode: 'none', action: 'hide' });
}

async function copy(scene: Scene, wire: Wire, bucket: ModelBucket, step: StepOf<'copy'>): Promise<void> {
  const source = uploaded(bucket, step.version);
  const target = pick(scene.model.buckets, step.to);
  if (source === undefined || target === undefined) return;
  const name = nameOf(step.name);
  const made = await wire.copy(bucket, source, target, name, step.mode);
  const mode = scene.model.effective(target, step.mode);
  await add(scene, target, made, { name, data: source.data, mode, action: 'upload' });
}

async function ofVersion(
  { model }: Scene,
  wire: Wire,
  bucket: ModelBucket,
  step: StepOf<'delete version'> | StepOf<'retain'> | StepOf<'hold'>,
): Promise<void> {
  // What deleting an unfinished upload as a version means is not the same in both.
  const version = pick(
    bucket.versions.filter(({ action }) => action !== 'start'),
    step.version,
  );
  if (version === undefined) return;
  const now = model.now();
  switch (step.do) {
    case 'delete version': {
      // In a bucket without locks, the S3 API knows no bypass.
      const bypass = step.bypass && bucket.lock.enabled;
      const refusal = refusalOfDelete(version, { bypass, rights, now });
      if (isDone(await wire.deleteVersion(bucket, version, bypass), refusal === undefined)) {
        model.remove(bucket, version);
      }
      return;
    }
    case 'retain': {
      const next = step.days === null ? null : retentionFrom({ mode: step.mode, days: step.days }, now);
      const refusal = refusalOfRetention(bucket.lock, version, { next, bypass: step.bypass, rights, now });
      const result = await wire.retain(bucket, version, next, step.bypass);
      if (isDone(result, refusal === undefined)) version.lock = { ...version.lock, retention: next };
      return;
    }
    case 'hold': {
      const refusal = refusalOfHold(bucket.lock, version, rights);
      const result = await wire.hold(bucket, version, step.hold);
      if (isDone(result, refusal === undefined)) version.lock = { ...version.lock, hold: step.hold };
    }
  }
}

async function start(scene: Scene, wire: Wire, bucket: ModelBucket, step: StepOf<'start'>): Promise<void> {
  const name = nameOf(step.name);
  const mode = scene.model.effective(bucket, step.mode);
  const made = await wire.start(bucket, name, step.mode);
  const file = await add(scene, bucket, made, { name, data: '', mode, action: 'start' });
  if (!step.filled) return;
  for (const number of [1, 2]) await sendPart(wire, bucket, file, number, contentOf(300, number));
}

async function sendPart(wire: Wire, bucket: ModelBucket, file: ModelVersion, number: number, data: string) {
  await wire.part(bucket, file, number, data);
  file.parts.set(number, data);
}

type OfUpload = StepOf<'part'> | StepOf<'copy part'> | StepOf<'finish'> | StepOf<'cancel'>;

async function ofUpload({ model }: Scene, wire: Wire, bucket: ModelBucket, step: OfUpload): Promise<void> {
  const file = pick(model.unfinished(bucket), step.file);
  if (file === undefined) return;
  switch (step.do) {
    case 'part': {
      const data = contentOf(step.size, step.part);
      if (data !== '') await sendPart(wire, bucket, file, step.part, data);
      return;
    }
    case 'copy part': {
      const source = uploaded(bucket, step.version);
      if (source === undefined || source.data === '') return;
      await wire.copyPart(bucket, file, step.part, { ...source, bucket });
      file.parts.set(step.part, source.data);
      return;
    }
    case 'finish':
      return finish(wire, bucket, file);
    case 'cancel':
      await wire.cancel(bucket, file);
      model.remove(bucket, file);
  }
}

/** The native API wants two parts or more, and all numbers from 1 on; the other takes what there is. */
async function finish(wire: Wire, bucket: ModelBucket, file: ModelVersion): Promise<void> {
  const parts = [...file.parts.keys()].sort((a, b) => a - b).map((number) => file.parts.get(number) ?? '');
  const isWhole = parts.length >= 2 && parts.every((_, index) => file.parts.has(index + 1));
  const isLongEnough = parts.slice(0, -1).every((data) => data.length >= 10);
  const isTaken = isLongEnough && (wire.name === 'b2' ? isWhole : parts.length >= 1);
  if (!isDone(await wire.finish(bucket, file, file.parts), isTaken)) return;
  Object.assign(file, { action: 'upload', data: parts.join('') });
}

function uploaded({ versions }: ModelBucket, index: number): ModelVersion | undefined {
  return pick(
    versions.filter(({ action }) => action === 'upload'),
    index,
  );
}

function contentOf(size: number, seed: number): string {
  return String.fromCharCode(97 + (seed % 26)).repeat(size);
}
