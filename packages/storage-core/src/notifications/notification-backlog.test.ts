import { keys, recordKey, type MetadataStore, type TableName } from '@coffer/storage-ports';
import { createMemoryMetadataStore } from '@coffer/store-memory';
import { describe, expect, test } from 'vitest';
import { createFixture, startTime, uploadTo } from '../../test/fixture.ts';
import { claimOnly, rule, setRules } from '../../test/notification-fixture.ts';
import { BacklogCounter } from './notification-backlog.ts';

const reference = { bucketId: 'ab', ruleId: 'cd' };
const prefix = recordKey(reference.bucketId, reference.ruleId);

/**
 * Events of one rule, a second apart, beside those of another, in a store that counts the rows which are read of them.
 */
class Outbox {
  readonly metadata = createMemoryMetadataStore();
  readonly counter = new BacklogCounter(this.#counting());
  rowsRead = 0;
  #added = 0;

  #counting(): Pick<MetadataStore, 'scan'> {
    return {
      scan: async <Name extends TableName>(table: Name, range: Parameters<MetadataStore['scan']>[1]) => {
        const rows = await this.metadata.scan(table, range);
        this.rowsRead += rows.length;
        return rows;
      },
    };
  }

  async add(count: number): Promise<void> {
    const writes = Array.from({ length: count }, () => ({
      table: 'notificationEvents' as const,
      prefix,
      append: {
        eventId: 'e',
        eventTimestamp: startTime + 1_000 * this.#added++,
        eventType: 'b2:ObjectCreated:Upload' as const,
        objectName: 'a',
        objectSize: 1,
        objectVersionId: 'v',
      },
    }));
    await this.metadata.commit({ expectations: [], writes });
  }

  async deliver(count: number): Promise<void> {
    if (count === 0) return;
    const rows = await this.metadata.scan('notificationEvents', { start: prefix, end: undefined, limit: count });
    await this.metadata.commit({
      expectations: [],
      writes: rows.map(({ key }) => ({ table: 'notificationEvents' as const, key, delete: true as const })),
    });
  }

  async count() {
    this.rowsRead = 0;
    const [backlog] = await this.counter.count([reference]);
    return backlog && { events: backlog.events, oldest: (backlog.oldest - startTime) / 1_000 };
  }
}

describe('the backlog of a rule', () => {
  test('is what waits, at every size around whole pages, as events come and go', async () => {
    const outbox = new Outbox();
    expect(await outbox.count()).toBeUndefined();
    let [added, delivered] = [0, 0];
    for (const [more, gone] of [
      [1, 0],
      [998, 0],
      [1, 0],
      [1, 0],
      [2_500, 999],
      [0, 1],
      [0, 1],
      [4_000, 2_500],
      [0, 3_999],
      [1, 1],
      [7_000, 3],
    ] as const) {
      await outbox.add(more);
      await outbox.deliver(gone);
      [added, delivered] = [added + more, delivered + gone];
      expect(await outbox.count()).toEqual({ events: added - delivered, oldest: delivered });
    }
    await outbox.deliver(added - delivered);
    expect(await outbox.count()).toBeUndefined();
    await outbox.add(1);
    expect(await outbox.count()).toEqual({ events: 1, oldest: added });
  });

  test('is not read again, but for a page at either end', async () => {
    const outbox = new Outbox();
    await outbox.add(20_500);
    expect(await outbox.count()).toMatchObject({ events: 20_500 });
    expect(outbox.rowsRead).toBeGreaterThan(20_000);
    for (let i = 0; i < 5; i++) {
      await outbox.add(10);
      await outbox.deliver(10);
      expect(await outbox.count()).toMatchObject({ events: 20_500 });
      expect(outbox.rowsRead).toBeLessThanOrEqual(2_001);
    }
  });

  test('of more than can be counted at once is counted in several calls', async () => {
    const outbox = new Outbox();
    await outbox.add(130_000);
    expect(await outbox.count()).toEqual({ events: 100_000, oldest: 0 });
    expect(await outbox.count()).toEqual({ events: 130_000, oldest: 0 });
  });
});

describe('the outbox', () => {
  test('tells what waits of each rule', async () => {
    const fixture = await createFixture();
    await setRules(fixture, rule({ name: 'one' }), rule({ name: 'two', objectNamePrefix: 'b' }));
    for (const name of ['a', 'b', 'c']) {
      await uploadTo(fixture, name);
      fixture.clock.advance(1_000);
    }
    const backlog = await fixture.storage.outbox.backlog();
    expect(backlog.map(({ events }) => events).toSorted()).toEqual([1, 3]);
    expect(backlog.map(({ oldest }) => oldest - startTime).toSorted()).toEqual([0, 1_000]);
  });

  test('suspends a rule that fails, and only such', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const { outbox } = storage;
    await setRules(fixture, rule({ maxEventsPerBatch: 1 }));
    for (const name of ['a', 'b', 'c']) await uploadTo(fixture, name);
    const claim = await claimOnly(storage);
    expect(await outbox.suspendFailing(claim!, 'backlog')).toBeNull();
    await outbox.acknowledge(claim!, await outbox.read(claim!));
    expect(await outbox.suspendFailing(claim!, 'backlog')).toBeNull();
    await outbox.recordFailure(claim!, Number.MAX_SAFE_INTEGER);
    expect(await outbox.suspendFailing(claim!, 'backlog')).toBe('my-rule');
    expect(await outbox.suspendFailing(claim!, 'again')).toBeNull();
    const [suspended] = await storage.notifications.getRules(bucket.bucketId);
    expect(suspended?.suspension?.reason).toBe('backlog');
    await uploadTo(fixture, 'd');
    await setRules(fixture, rule());
    expect(await outbox.suspendFailing(claim!, 'its failures are forgotten')).toBeNull();
    const again = await claimOnly(storage);
    expect((await outbox.read(again!)).map(({ event }) => event.objectName)).toEqual(['b', 'c']);
    await outbox.recordFailure(again!, 0);
    await setRules(fixture);
    expect(await outbox.suspendFailing(claim!, 'gone')).toBeNull();
    expect(await storage.outbox.suspendFailing({ bucketId: 'no', ruleId: 'such' }, 'x')).toBeNull();
    expect(await fixture.metadata.get('notificationStates', keys.notificationStates('no', 'such'))).toBeUndefined();
  });
});
