import type { FixedClock } from '@coffer/storage-testkit';
import assert from 'node:assert/strict';
import type { Answer, TestServer } from '../test-server.ts';
import { Callers } from './caller.ts';
import type { Refusal } from './lock-model.ts';
import { Model, type ModelBucket, type ModelVersion } from './model.ts';

/** A server, what it must hold, and who asks it. */
export interface Scene {
  readonly server: TestServer;
  readonly model: Model;
  readonly clock: FixedClock;
  readonly callers: Callers;
}

export async function openScene(server: TestServer, clock: FixedClock): Promise<Scene> {
  await server.storage.clock.keep();
  return { server, clock, model: new Model(() => clock.now()), callers: await Callers.create(server) };
}

/**
 * Whether the answer is a success, which it must be if there is no reason for a refusal; else it must be that refusal.
 */
export function isDone({ status, json }: Answer, refusal: Refusal | undefined): boolean {
  const { code } = json;
  assert.deepEqual({ status, code }, refusal ?? { status: 200, code: undefined }, JSON.stringify(json));
  return refusal === undefined;
}

/** Takes a new version into the model. It must be newer than every one that its name has had. */
export function add(
  model: Model,
  bucket: ModelBucket,
  answer: { fileId?: string | null; uploadTimestamp?: number },
  version: Pick<ModelVersion, 'name' | 'data' | 'mode' | 'action' | 'lock'>,
): ModelVersion {
  const { fileId, uploadTimestamp: timestamp } = answer;
  assert.ok(typeof fileId === 'string' && timestamp !== undefined && timestamp >= model.now());
  for (const other of bucket.versions) if (other.name === version.name) assert.ok(other.timestamp < timestamp);
  const added = { fileId, timestamp, since: timestamp, parts: new Map<number, string>(), ...version };
  bucket.versions.push(added);
  return added;
}

export function pick<T>(all: readonly T[], index: number): T | undefined {
  return all.length === 0 ? undefined : all[index % all.length];
}
