import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { streamOf } from '@coffer/bytes';
import { keys, type BlobStore, type MetadataStore } from '@coffer/storage-ports';
import { fixedClock, seededRandom } from '@coffer/storage-testkit';
import { bodyOf, createFixture, newFile, readBack, sampleBytes, startTime, type Fixture } from '../../test/fixture.ts';
import { createStorage } from '../create-storage.ts';
import type { FileVersion, Storage } from '../services/storage.ts';

const silence = 30_000;
const inlineThreshold = 50;
const everything = { start: new Uint8Array(0), end: undefined, limit: 10_000 };

interface Node {
  readonly storage: Storage;
  readonly memberId: string;
  /** Lets time pass for this process alone. */
  live(milliseconds: number): Promise<void>;
}

/** A process of its own over the fixture's stores, or over what stands in for them. */
async function openNode(
  fixture: Fixture,
  name: string,
  stores: Partial<Pick<Fixture, 'metadata' | 'blobs'>> = {},
): Promise<Node> {
  const clock = fixedClock(startTime);
  const storage = createStorage(
    { ...fixture, ...stores, clock, random: seededRandom(name) },
    { inlineThreshold, memberSilenceMilliseconds: silence },
  );
  const memberId = await storage.nodes.join();
  const live = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += silence / 5) {
      clock.advance(silence / 5);
      await storage.nodes.beat();
    }
  };
  return { storage, memberId, live };
}

const upload = ({ bucket }: Fixture, { storage }: Node, name: string, seed = 0): Promise<FileVersion> =>
  storage.files.upload(newFile(bucket.bucketId, name), bodyOf(sampleBytes(500, seed)));

/** Stores whose calls wait for `gate` first. */
function gated(fixture: Fixture, gate: (call: string) => Promise<unknown>): Pick<Fixture, 'metadata' | 'blobs'> {
  const wait = <T extends MetadataStore | BlobStore>(store: T): T =>
    new Proxy(store, {
      get: (target, name: string & keyof T) => {
        const method = target[name] as (...given: unknown[]) => Promise<unknown>;
        return async (...given: unknown[]) => {
          await gate(name);
          return method.apply(target, given);
        };
      },
    });
  return { metadata: wait(fixture.metadata), blobs: wait(fixture.blobs) };
}

describe('recovery among members', () => {
  test('leaves alone what is under way in another process', async () => {
    const fixture = await createFixture();
    let isHeld = true;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let reached: () => void = () => undefined;
    const atCommit = new Promise<void>((resolve) => (reached = resolve));
    let writes = 0;
    const slow = await openNode(
      fixture,
      'slow',
      gated(fixture, async (call) => {
        if (call === 'write') writes++;
        if (call !== 'commit' || writes === 0 || !isHeld) return;
        reached();
        await held;
      }),
    );
    const other = await openNode(fixture, 'other');
    const uploading = upload(fixture, slow, 'under way');
    await atCommit;
    expect(await fixture.blobs.list({ limit: 10 })).toHaveLength(1);
    expect(await other.storage.recovery.recover()).toMatchObject({ orphanBlobs: 0, leftovers: 0, concerns: [] });
    isHeld = false;
    release();
    const version = await uploading;
    expect(await readBack(other.storage, await fixture.storage.files.get(version.fileId))).toEqual(sampleBytes(500));
  });

  test('takes what a dead process left, and lets it have no more', async () => {
    const fixture = await createFixture();
    let isDead = false;
    const dying = await openNode(
      fixture,
      'dying',
      gated(fixture, (call) => (isDead && call === 'commit' ? new Promise(() => undefined) : Promise.resolve())),
    );
    const kept = await upload(fixture, dying, 'kept');
    const other = await openNode(fixture, 'other');
    await other.live(silence / 2);
    isDead = true;
    void upload(fixture, dying, 'lost');
    await expect.poll(() => fixture.blobs.list({ limit: 10 })).toHaveLength(2);
    expect(await other.storage.recovery.recover()).toMatchObject({ orphanBlobs: 0 });
    await other.live(2 * silence);
    expect(await other.storage.recovery.recover()).toMatchObject({ orphanBlobs: 1, concerns: [] });
    expect(await readBack(other.storage, await fixture.storage.files.get(kept.fileId))).toEqual(sampleBytes(500));
    // A write that was still on its way when its process was given up.
    await fixture.blobs.write(`${dying.memberId}${'0'.repeat(16)}`, streamOf(sampleBytes(5)));
    expect(await other.storage.recovery.recover()).toMatchObject({ orphanBlobs: 1, concerns: [] });
    expect(await fixture.metadata.scan('blobWriteBounds', everything)).toEqual([]);
  });

  test('an upload of a process that was given up is refused, and leaves nothing', async () => {
    const fixture = await createFixture();
    const frozen = await openNode(fixture, 'frozen');
    const other = await openNode(fixture, 'other');
    await upload(fixture, frozen, 'before');
    await other.live(2 * silence);
    await expect(upload(fixture, frozen, 'after')).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await fixture.blobs.list({ limit: 10 })).toHaveLength(1);
    await frozen.live(silence / 5);
    await upload(fixture, frozen, 'again');
    expect(await fixture.blobs.list({ limit: 10 })).toHaveLength(2);
  });

  test('does not touch blobs that no process of this store is known to have written', async () => {
    const fixture = await createFixture();
    const { storage } = await openNode(fixture, 'only');
    await fixture.blobs.write('0'.repeat(32), streamOf(sampleBytes(5)));
    expect(await storage.recovery.recover()).toMatchObject({ orphanBlobs: 0, concerns: [] });
    expect((await storage.recovery.quarantine.survey()).orphans.count).toBe(1);
  });

  test('tells that the metadata is older each time, and moves nothing', async () => {
    const fixture = await createFixture();
    const dead = await openNode(fixture, 'dead');
    await upload(fixture, dead, 'kept');
    const other = await openNode(fixture, 'other');
    await other.live(2 * silence);
    const blobId = (index: number) => `${dead.memberId}${String(index).padStart(16, '0')}`;
    for (let index = 0; index < 40; index++) await fixture.blobs.write(blobId(index), streamOf(sampleBytes(5)));
    for (let round = 0; round < 4; round++)
      expect(await other.storage.recovery.recover()).toMatchObject({
        orphanBlobs: 0,
        concerns: [{ kind: 'metadata_older', count: 40 }],
      });
  });

  test('is not misled by files that others delete meanwhile', async () => {
    const fixture = await createFixture();
    const dead = await openNode(fixture, 'dead');
    const versions: FileVersion[] = [];
    for (let index = 0; index < 40; index++) versions.push(await upload(fixture, dead, `file ${index}`));
    const other = await openNode(fixture, 'other');
    const list = fixture.blobs.list.bind(fixture.blobs);
    const blobs = {
      ...fixture.blobs,
      list: async (options: Parameters<BlobStore['list']>[0]) => {
        const found = await list(options);
        for (const { name, fileId } of versions.splice(0))
          await fixture.storage.files.deleteVersion({ name, fileId, bypassGovernance: false });
        return found;
      },
    };
    const recovering = await openNode(fixture, 'recovering', { blobs });
    await other.live(2 * silence);
    await recovering.live(silence / 5);
    expect(await recovering.storage.recovery.recover()).toMatchObject({ orphanBlobs: 0, concerns: [] });
  });

  test('is refused to a process that has not joined the others', async () => {
    const fixture = await createFixture();
    await openNode(fixture, 'member');
    await expect(fixture.storage.recovery.recover()).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  test('leaves the blobs of a process that was alone to the next one that is', async () => {
    const fixture = await createFixture({ options: { inlineThreshold } });
    await fixture.storage.files.upload(newFile(fixture.bucket.bucketId, 'a'), bodyOf(sampleBytes(500)));
    await fixture.blobs.write('0'.repeat(32), streamOf(sampleBytes(5)));
    const member = await openNode(fixture, 'member');
    for (let round = 0; round < 3; round++)
      expect(await member.storage.recovery.recover()).toMatchObject({ orphanBlobs: 0, concerns: [] });
    await member.storage.recovery.retire();
    await member.storage.nodes.leave();
    expect(await fixture.storage.recovery.recover()).toMatchObject({ orphanBlobs: 1, concerns: [] });
  });

  test('a process that leaves is no longer counted', async () => {
    const fixture = await createFixture();
    const [a, b] = [await openNode(fixture, 'a'), await openNode(fixture, 'b')];
    await upload(fixture, a, 'one');
    await a.storage.recovery.retire();
    await a.storage.nodes.leave();
    expect(await fixture.metadata.scan('blobWriteBounds', everything)).toEqual([]);
    expect(await b.storage.recovery.recover()).toMatchObject({ orphanBlobs: 0, concerns: [] });
  });

  propertyTest.prop(
    [
      fc.array(
        fc.tuple(fc.nat(2), fc.constantFrom('upload', 'upload', 'replace', 'recover', 'live', 'freeze', 'delete')),
        {
          minLength: 5,
          maxLength: 30,
        },
      ),
      fc.integer(),
    ],
    { numRuns: 60 },
  )('property: whatever was acknowledged can be read, whoever is given up when', async (steps, seed) => {
    const fixture = await createFixture();
    const random = seededRandom(`gate ${seed}`);
    /** Processes that stand still before their next commit. */
    const frozen = new Map<number, Promise<unknown>>();
    const storesOf = (index: number) =>
      gated(fixture, async (call) => {
        for (let turns = random.bytes(1)[0]! % 8; turns > 0; turns--) await new Promise(setImmediate);
        if (call === 'commit') await frozen.get(index);
      });
    const nodes = await Promise.all(
      [0, 1, 2].map((index) => openNode(fixture, `node ${seed} ${index}`, storesOf(index))),
    );
    const freeze = async (index: number): Promise<void> => {
      if (frozen.size > 0) return;
      const others = nodes.filter((_, other) => other !== index);
      frozen.set(
        index,
        (async () => {
          for (const other of others) await other.live(2 * silence);
          for (const { storage } of others) await storage.recovery.recover();
        })(),
      );
      await frozen.get(index);
      frozen.delete(index);
    };
    const acknowledged = new Map<string, { readonly version: FileVersion; readonly seed: number }>();
    const running: Promise<unknown>[] = [];
    const tolerated = (error: unknown): void => {
      expect(error).toMatchObject({ code: 'storage_unavailable' });
    };
    for (const [index, [nodeIndex, step]] of steps.entries()) {
      const node = nodes[nodeIndex]!;
      if (step === 'upload' || step === 'replace')
        running.push(
          upload(fixture, node, step === 'replace' ? 'same' : `file ${index}`, index).then(
            (version) => acknowledged.set(version.fileId, { version, seed: index }),
            tolerated,
          ),
        );
      else if (step === 'recover') running.push(node.storage.recovery.recover());
      else if (step === 'live') running.push(node.live(silence / 2));
      else if (step === 'freeze') running.push(freeze(nodeIndex));
      else {
        const [doomed] = acknowledged.values();
        if (doomed === undefined) continue;
        const { name, fileId } = doomed.version;
        acknowledged.delete(fileId);
        running.push(node.storage.files.deleteVersion({ name, fileId, bypassGovernance: false }));
      }
      if (index % 3 === 0) await new Promise(setImmediate);
    }
    await Promise.all(running);
    const last = await openNode(fixture, 'last');
    await last.live(3 * silence);
    for (let round = 0; round < 3; round++) expect((await last.storage.recovery.recover()).concerns).toEqual([]);
    for (const { version, seed: content } of acknowledged.values())
      expect(await readBack(last.storage, await fixture.storage.files.get(version.fileId))).toEqual(
        sampleBytes(500, content),
      );
    // And what belongs to no file is out of the way.
    for (const blobId of await fixture.blobs.list({ limit: 1_000 }))
      expect(await fixture.metadata.get('blobReferences', keys.blobReferences(blobId))).toBeDefined();
  });
});
