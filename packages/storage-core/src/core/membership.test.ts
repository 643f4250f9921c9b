import { describe, expect, test } from 'vitest';
import { keys, type MetadataStore } from '@coffer/storage-ports';
import { fixedClock, seededRandom } from '@coffer/storage-testkit';
import { createMemoryMetadataStore } from '@coffer/store-memory';
import { startTime } from '../../test/fixture.ts';
import { Membership } from './membership.ts';
import { transact } from './transaction.ts';

const silence = 30_000;

/** Members over one store, each with a clock of its own. */
function openNodes(metadata: MetadataStore = createMemoryMetadataStore()) {
  let count = 0;
  const open = (store = metadata) => {
    const clock = fixedClock(startTime);
    const node = new Membership(store, { clock, random: seededRandom(`node ${++count}`) }, silence);
    /** Lets time pass for this process alone, with signs of life as often as they are due. */
    const live = async (milliseconds: number) => {
      const removed: string[] = [];
      for (let passed = 0; passed < milliseconds; passed += silence / 10) {
        clock.advance(silence / 10);
        removed.push(...(await node.beat()).removed);
      }
      return removed;
    };
    return { node, clock, live };
  };
  return { metadata, open };
}

describe('a member', () => {
  test('is known to the others under an id of its own until it leaves', async () => {
    const { open } = openNodes();
    const [a, b] = [open(), open()];
    const [first, second] = [await a.node.join(), await b.node.join()];
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(await a.node.members()).toEqual(
      [first, second].sort().map((memberId) => ({ memberId, joinedAt: startTime })),
    );
    expect(a.node.owner()).toBe(first);
    await a.node.leave();
    await a.node.leave();
    expect((await b.node.members()).map(({ memberId }) => memberId)).toEqual([second]);
    expect(() => a.node.owner()).toThrow(expect.objectContaining({ code: 'storage_unavailable' }));
  });

  test('that is silent is taken off, after it was watched for long enough', async () => {
    const { open } = openNodes();
    const [a, b] = [open(), open()];
    const silent = await a.node.join();
    await b.node.join();
    expect(await b.live(silence)).toEqual([]);
    expect(await b.live(silence / 10)).toEqual([silent]);
    expect(await b.live(silence)).toEqual([]);
  });

  test('that gives signs of life stays, however its clock is set and however slowly it counts', async () => {
    const { open } = openNodes();
    const [a, b] = [open(), open()];
    const first = await a.node.join();
    await b.node.join();
    for (let turn = 0; turn < 30; turn++) {
      a.clock.jump(turn % 2 === 0 ? -1e9 : 1e9);
      expect(await a.node.beat()).toMatchObject({ memberId: first, rejoined: false });
      expect(await b.live(silence / 2)).toEqual([]);
    }
  });

  test('is not taken off because the store could not be reached by anybody', async () => {
    const metadata = createMemoryMetadataStore();
    let isDown = false;
    const flaky: MetadataStore = {
      ...metadata,
      commit: async (commit) => (isDown ? Promise.reject(new Error('down')) : metadata.commit(commit)),
    };
    const { open } = openNodes(flaky);
    const [a, b] = [open(), open()];
    const first = await a.node.join();
    await b.node.join();
    await b.live(silence / 2);
    isDown = true;
    b.clock.advance(100 * silence);
    await expect(b.node.beat()).rejects.toThrow('down');
    isDown = false;
    expect(await b.node.beat()).toMatchObject({ removed: [] });
    expect(await a.node.beat()).toMatchObject({ memberId: first, rejoined: false });
  });

  test('that was taken off joins again under another id', async () => {
    const { open } = openNodes();
    const [a, b] = [open(), open()];
    const first = await a.node.join();
    await b.node.join();
    await b.live(2 * silence);
    const beat = await a.node.beat();
    expect(beat.rejoined).toBe(true);
    expect(beat.memberId).not.toBe(first);
    expect(a.node.owner()).toBe(beat.memberId);
  });

  test('is taken off by one of those who notice, and by no more', async () => {
    const { open } = openNodes();
    const silent = await open().node.join();
    const others = [open(), open(), open()];
    for (const { node } of others) await node.join();
    const removed = await Promise.all(others.map(({ live }) => live(silence * 1.1)));
    expect(removed.flat()).toEqual([silent]);
  });
});

describe('a commit that needs a member', () => {
  test('is refused for good once that is none any more', async () => {
    const { metadata, open } = openNodes();
    const { node } = open();
    const id = await node.join();
    const write = () =>
      transact(metadata, async (tx) => {
        tx.requireMember(id);
        tx.put('counters', keys.counters('n'), { last: 1 });
        return Promise.resolve();
      });
    await write();
    await node.leave();
    await expect(write()).rejects.toMatchObject({ code: 'storage_unavailable' });
  });
});

describe('work', () => {
  test('is one member’s at a time, and the next one’s when that dies', async () => {
    const { open } = openNodes();
    const [a, b] = [open(), open()];
    await a.node.join();
    await b.node.join();
    expect(await Promise.all([a.node.hold('sweep'), b.node.hold('sweep')])).toContain(true);
    const [holder, other] = (await a.node.hold('sweep')) ? [a, b] : [b, a];
    for (let turn = 0; turn < 3; turn++) {
      expect(await holder.node.hold('sweep')).toBe(true);
      expect(await other.node.hold('sweep')).toBe(false);
    }
    expect(await other.node.hold('something else')).toBe(true);
    await other.live(silence / 2);
    // Before the others can have given it up, it has given its work up.
    holder.clock.advance(silence / 2 + 1);
    expect(await holder.node.hold('sweep')).toBe(false);
    expect(await other.node.hold('sweep')).toBe(false);
    await other.live(silence);
    expect(await other.node.hold('sweep')).toBe(true);
    await holder.node.beat();
    expect(await holder.node.hold('sweep')).toBe(false);
    await other.node.leave();
    expect(await holder.node.hold('sweep')).toBe(true);
  });

  test('is done by a process that has the store to itself', async () => {
    const { open } = openNodes();
    const { node } = open();
    expect(await node.hold('sweep')).toBe(true);
    expect(node.owner()).toBeNull();
    expect(await node.members()).toEqual([]);
  });
});
