import { openLocalStore } from '@coffer/store-local';
import type { Finding, Storage } from '@coffer/storage-core';
import { fc } from '@fast-check/vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare, compareVersions } from './model/compare.ts';
import { runStep } from './model/run-step.ts';
import { openScene } from './model/scene.ts';
import { scriptsBy } from './model/scripts.ts';
import type { Step } from './model/step.ts';
import { memoryStores, type Stores } from './two-faces.ts';

/** What a verification of all that is stored finds. */
async function findingsIn(storage: Storage): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of (await storage.verification.begin()).findings()) findings.push(finding);
  return findings;
}

/**
 * Runs a script on new stores and on the model. After each step the versions are compared, by one API after the other;
 * at the end, all there is to see by both.
 */
async function play(stores: Stores, script: readonly Step[]): Promise<void> {
  const scene = await openScene(stores);
  const { faces, wires } = scene;
  for (const [index, step] of script.entries()) {
    await runStep(scene, step);
    await compareVersions(scene, index % 2 === 0 ? wires.s3 : wires.b2);
  }
  await compare(scene);
  expect([...faces.b2.errors, ...faces.s3.errors]).toEqual([]);
  for (const storage of [faces.b2.storage, faces.s3.storage]) {
    expect(await findingsIn(storage)).toEqual([]);
    expect(await storage.recovery.recover()).toEqual({
      deletions: 0,
      leftovers: 0,
      orphanBlobs: 0,
      purged: 0,
      concerns: [],
    });
  }
}

async function playOnDisk(script: readonly Step[]): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-cross-model-'));
  const store = await openLocalStore({ directory });
  try {
    await play(store, script);
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** More with `COFFER_MODEL_RUNS=5000`; a failure prints its shortest script and the seed. */
const runs = Number(process.env['COFFER_MODEL_RUNS'] ?? 40);

describe('a storage and a model of it agree after any script of operations', () => {
  it('by the S3 API', { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(scriptsBy('s3'), (script) => play(memoryStores(), script));
    await fc.assert(property, { numRuns: runs });
  });

  it('by either API, step by step', { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(scriptsBy('s3', 'b2'), (script) => play(memoryStores(), script));
    await fc.assert(property, { numRuns: runs });
  });

  it('by either API, over the local store', { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(scriptsBy('s3', 'b2'), playOnDisk);
    await fc.assert(property, { numRuns: Math.ceil(runs / 10) });
  });
});
