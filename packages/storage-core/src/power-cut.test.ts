import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { collect, streamOf } from '@coffer/bytes';
import { forEachChoice, seededRandom, type Choose } from '@coffer/storage-testkit';
import type { BlobStore } from '@coffer/storage-ports';
import type { BlobFileSystem } from '@coffer/store-local';
import { PowerCutScene, root, type Breakage } from '../test/power-cut-scene.ts';

/** Cuts the power at every moment of the scene's history, and checks what is left after a restart. */
async function checkEveryCut(scene: PowerCutScene, limit: number): Promise<number> {
  const random = seededRandom('cuts');
  const below = (n: number) => new DataView(random.bytes(4).buffer).getUint32(0) % n;
  let states = 0;
  for (let length = scene.start; length <= scene.disk.history.length; length++) {
    const cut = async (choose: Choose) => (await scene.afterPowerCut(length, choose)).recoverAndCheck();
    states += (await forEachChoice(cut, { limit, random: below })).runs;
  }
  return states;
}

async function uploads(breakage: Breakage = {}): Promise<PowerCutScene> {
  const scene = await PowerCutScene.open(breakage);
  const first = await scene.upload('blob', 700);
  await scene.upload('inline', 20);
  await scene.delete(first);
  return scene;
}

async function everything(): Promise<PowerCutScene> {
  const scene = await PowerCutScene.open();
  const [first] = await Promise.all([scene.upload('a', 700), scene.upload('b', 60), scene.upload('c', 20)]);
  const large = await scene.large('large', [300, 20]);
  await Promise.all([scene.copy(large, 'copy'), scene.delete(first), scene.upload('d', 60)]);
  await scene.delete(large);
  return scene;
}

describe('power cuts, blobs and metadata together', () => {
  test('every state of uploads and a delete', async () => {
    expect(await checkEveryCut(await uploads(), 400)).toBeGreaterThan(80);
  });

  test('uploads, parts, copies and deletes at once: a sample of states', async () => {
    expect(await checkEveryCut(await everything(), 8)).toBeGreaterThan(1_000);
  });

  test('a large file of some of its parts: every state', async () => {
    const scene = await PowerCutScene.open();
    const version = await scene.completed('large', [300, 20, 200, 10, 70], [1, 2]);
    expect(version).toMatchObject({ size: 220, partCount: 2 });
    expect(await checkEveryCut(scene, 60)).toBeGreaterThan(100);
  });

  test('a second cut in the middle of the recovery from the first', async () => {
    const scene = await everything();
    const random = seededRandom('second cut');
    const below = (n: number) => new DataView(random.bytes(4).buffer).getUint32(0) % n;
    for (let length = scene.start; length <= scene.disk.history.length; length += 7) {
      const once = await scene.afterPowerCut(length, (options) => below(options));
      await once.storage.recovery.recover();
      for (let again = once.start; again <= once.disk.history.length; again += 3)
        await (await once.afterPowerCut(again, (options) => below(options))).recoverAndCheck();
    }
  });

  test('property: any uploads and deletes, any cut, any choice', async () => {
    const step = fc.record({ upload: fc.option(fc.integer({ min: 0, max: 1_200 })), pick: fc.nat({ max: 9 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 5 }),
        fc.nat({ max: 999 }),
        fc.array(fc.nat({ max: 11 }), { maxLength: 40 }),
        async (steps, at, choices) => {
          const scene = await PowerCutScene.open();
          const there = [await scene.upload('first', 100)];
          for (const [n, { upload, pick }] of steps.entries()) {
            if (upload !== null) there.push(await scene.upload(`file ${n}`, upload));
            else for (const version of there.splice(pick % Math.max(1, there.length), 1)) await scene.delete(version);
          }
          const left = [...choices];
          const moments = scene.disk.history.length - scene.start + 1;
          const length = scene.start + Math.floor((at * moments) / 1_000);
          const cut = await scene.afterPowerCut(length, (options) => (left.shift() ?? 0) % options);
          await cut.recoverAndCheck();
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the model notices a storage that', () => {
  test.each<readonly [string, Breakage, RegExp]>([
    ['does not flush blobs', { files: withoutDatasync }, /damaged|whole/],
    ['does not flush folders', { files: withoutFolderSync }, /not present|damaged/],
    ['commits the metadata before the blob is durable', { blobs: acknowledgedEarly }, /damaged/],
    ['acknowledges commits before they are durable', { earlyCommits: true }, /does not exist|not present/],
  ])('%s', async (_, breakage, failure) => {
    const scene = await uploads(breakage);
    await expect(checkEveryCut(scene, 400)).rejects.toThrow(failure);
  });
});

function withoutDatasync(files: BlobFileSystem): BlobFileSystem {
  return replacing(files, { create: async (path) => ({ ...(await files.create(path)), datasync: done }) });
}

function withoutFolderSync(files: BlobFileSystem): BlobFileSystem {
  const isFolder = (path: string) => path.startsWith(`${root}/`);
  return replacing(files, { syncDirectory: (path) => (isFolder(path) ? done() : files.syncDirectory(path)) });
}

const done = () => Promise.resolve();

/** The object with some methods replaced; the others still are called on the object itself. */
function replacing<T extends object>(object: T, replacements: Partial<T>): T {
  return new Proxy(object, {
    get: (target, name) => {
      const replaced = replacements[name as keyof T];
      const method = target[name as keyof T];
      return replaced ?? (typeof method === 'function' ? (method.bind(target) as unknown) : method);
    },
  });
}

/** A blob store that resolves when it has the bytes, and writes them after that. */
function acknowledgedEarly(blobs: BlobStore): BlobStore {
  return replacing(blobs, {
    write: async (blobId, stream) => {
      const bytes = await collect(stream, 100_000);
      void blobs.write(blobId, streamOf(bytes));
      return bytes.length;
    },
  });
}
