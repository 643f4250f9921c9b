import { headerMetadataSize } from '@coffer/b2-schema';
import { SecretBytes } from '@coffer/bytes';
import { MemoryKeyProvider } from '@coffer/envelope-crypto';
import { createStorage, type Finding, type Storage } from '@coffer/storage-core';
import type { BlobStore, MetadataStore } from '@coffer/storage-ports';
import { fixedClock, seededRandom } from '@coffer/storage-testkit';
import { createMemoryBlobStore, createMemoryMetadataStore } from '@coffer/store-memory';
import { openLocalStore } from '@coffer/store-local';
import { fc } from '@fast-check/vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareEvents } from './test-support/model/compare-events.ts';
import { compare, compareVersions } from './test-support/model/compare.ts';
import { callerNames } from './test-support/model/caller.ts';
import { runStep } from './test-support/model/run-step.ts';
import { openScene } from './test-support/model/scene.ts';
import { scripts } from './test-support/model/scripts.ts';
import type { Step } from './test-support/model/step.ts';
import { TestServer } from './test-support/test-server.ts';

interface Stores {
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly dispose: () => Promise<void>;
}

async function memoryStores(): Promise<Stores> {
  const dispose = () => Promise.resolve();
  return { metadata: createMemoryMetadataStore(), blobs: createMemoryBlobStore(), dispose };
}

async function localStores(): Promise<Stores> {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-model-'));
  const store = await openLocalStore({ directory });
  const dispose = async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { ...store, dispose };
}

/** What a verification of all that is stored finds. */
async function findingsIn(storage: Storage): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for await (const finding of (await storage.verification.begin()).findings()) findings.push(finding);
  return findings;
}

/**
 * Runs a script on a new server and on the model. After each step the listing of all versions is compared, to one
 * caller after the other; at the end, all there is to see.
 */
async function play(open: () => Promise<Stores>, script: readonly Step[]): Promise<void> {
  const { metadata, blobs, dispose } = await open();
  try {
    const clock = fixedClock(1_700_000_000_000);
    const keys = new MemoryKeyProvider([{ id: 'gk_1', state: 'active', createdAt: 1, key: SecretBytes.random(32) }]);
    const dependencies = { metadata, blobs, keys, clock, random: seededRandom(1) };
    await createStorage({ ...dependencies, metadataSize: headerMetadataSize }).recovery.makeStore();
    const server = await TestServer.open(dependencies, { storage: { inlineThreshold: 40 } });
    const scene = await openScene(server, clock);
    for (const [index, step] of script.entries()) {
      await runStep(scene, step);
      await compareVersions(scene, scene.callers.get(callerNames[index % callerNames.length] ?? 'owner'));
    }
    await compare(scene);
    await compareEvents(scene);
    expect(server.errors).toEqual([]);
    expect(await findingsIn(server.storage)).toEqual([]);
    expect(await server.storage.recovery.recover()).toEqual({
      deletions: 0,
      leftovers: 0,
      orphanBlobs: 0,
      purged: 0,
      concerns: [],
    });
  } finally {
    await dispose();
  }
}

/** More with `COFFER_MODEL_RUNS=5000`; a failure prints its shortest script and the seed. */
const runs = Number(process.env['COFFER_MODEL_RUNS'] ?? 400);

describe('a server and a model of it agree after any script of operations', () => {
  it('over memory', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(scripts, (script) => play(memoryStores, script)),
      { numRuns: runs },
    );
  });

  it('over the local store', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(scripts, (script) => play(localStores, script)),
      { numRuns: Math.ceil(runs / 5) },
    );
  });
});
