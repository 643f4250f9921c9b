import assert from 'node:assert/strict';
import {
  Model,
  type ModelBucket,
  type ModelVersion,
} from '../../../../packages/b2-protocol/src/test-support/model/model.ts';
import { openTwoFaces, type Stores, type TwoFaces } from '../two-faces.ts';
import { b2Wire } from '../wires/b2-wire.ts';
import { s3Wire } from '../wires/s3-wire.ts';
import type { Made, Result, Wire, WireName } from '../wires/wire.ts';

/** Both faces of one storage, and what it must hold. */
export interface Scene {
  readonly faces: TwoFaces;
  readonly wires: Readonly<Record<WireName, Wire>>;
  readonly model: Model;
}

export async function openScene(stores: Stores): Promise<Scene> {
  const faces = await openTwoFaces(stores);
  const model = new Model(() => faces.clock.now());
  return { faces, wires: { b2: b2Wire(faces.b2), s3: s3Wire(faces.s3) }, model };
}

/** Whether it was done, which the model must have said. */
export function isDone(result: Result, expected: boolean): boolean {
  assert.equal(result.done, expected, result.done ? 'done' : result.why);
  return result.done;
}

/** Takes a new version into the model. It must be newer than every one that its name has had. */
export async function add(
  { faces, model }: Scene,
  bucket: ModelBucket,
  made: Made,
  version: Pick<ModelVersion, 'name' | 'data' | 'mode' | 'action'>,
): Promise<ModelVersion> {
  assert.ok(made.done, made.done ? '' : made.why);
  const { fileId } = made;
  const { uploadTimestamp: timestamp } = await faces.storage.files.get(fileId);
  assert.ok(timestamp >= model.now());
  for (const other of bucket.versions) if (other.name === version.name) assert.ok(other.timestamp < timestamp);
  const lock = { retention: null, hold: null };
  const added = { fileId, timestamp, since: timestamp, parts: new Map<number, string>(), lock, ...version };
  bucket.versions.push(added);
  return added;
}

export function pick<T>(all: readonly T[], index: number): T | undefined {
  return all.length === 0 ? undefined : all[index % all.length];
}
