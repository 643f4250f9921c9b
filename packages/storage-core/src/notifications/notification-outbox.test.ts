import { describe, expect, test } from 'vitest';
import { census, createFixture, uploadTo, deletionOf } from '../../test/fixture.ts';
import { claimOnly, rule, setRules } from '../../test/notification-fixture.ts';
import type { NotificationClaim, NotificationOutbox } from '../services/notifications.ts';

const lease = { owner: 'one', milliseconds: 1_000 };

/** A bucket with a rule that has three events. */
async function waiting(maxEventsPerBatch = 2) {
  const fixture = await createFixture();
  await setRules(fixture, rule({ maxEventsPerBatch }));
  for (const name of ['a', 'b', 'c']) await uploadTo(fixture, name);
  return fixture;
}

async function claimed(maxEventsPerBatch?: number) {
  const fixture = await waiting(maxEventsPerBatch);
  const claim = await claimOnly(fixture.storage);
  return { ...fixture, outbox: fixture.storage.outbox, claim: claim! };
}

describe('the outbox', () => {
  test('names every rule that has events, once', async () => {
    const fixture = await createFixture();
    const { storage, accountId } = fixture;
    expect(await storage.outbox.pending()).toEqual([]);
    for (let i = 0; i < 3; i++) {
      const name = `bucket-no-${i}`;
      const bucket = await storage.buckets.create({ accountId, name, type: 'allPrivate', settings: {} });
      await setRules(
        { storage, bucket },
        rule({ name: 'rule-a' }),
        rule({ name: 'rule-b', eventTypes: ['b2:ObjectDeleted:*'] }),
      );
      for (const file of ['a', 'b']) {
        const version = await uploadTo({ storage, bucket }, file);
        await storage.files.deleteVersion(deletionOf(version));
      }
    }
    const pending = await storage.outbox.pending();
    expect(new Set(pending.map(({ ruleId }) => ruleId)).size).toBe(6);
    expect(pending.length).toBe(6);
    expect(new Set(pending.map(({ bucketId }) => bucketId)).size).toBe(3);
  });

  test('gives a claim what a delivery needs', async () => {
    const { claim, bucket, accountId, outbox } = await claimed();
    expect(claim).toMatchObject({
      accountId,
      bucketId: bucket.bucketId,
      bucketName: bucket.name,
      ruleName: 'my-rule',
      maxEventsPerBatch: 2,
      failures: null,
    });
    expect((await outbox.read(claim)).map(({ event }) => event.objectName)).toEqual(['a', 'b']);
    expect((await outbox.read(claim)).map(({ event }) => event.objectName)).toEqual(['a', 'b']);
  });

  test('forgets what was acknowledged, and nothing else', async () => {
    const { claim, outbox, ...fixture } = await claimed();
    expect(await outbox.acknowledge(claim, await outbox.read(claim))).toBe(true);
    const rest = await outbox.read(claim);
    expect(rest.map(({ event }) => event.objectName)).toEqual(['c']);
    expect(await outbox.acknowledge(claim, rest)).toBe(true);
    expect(await outbox.read(claim)).toEqual([]);
    expect(await outbox.release(claim)).toBe(true);
    expect(await census(fixture)).not.toHaveProperty('notificationStates');
    expect(await outbox.pending()).toEqual([]);
  });

  test('gives a rule to one worker, until its lease is over', async () => {
    const { claim, outbox, storage, clock } = await claimed();
    expect(await claimOnly(storage, 'two')).toBeNull();
    clock.advance(999);
    expect(await claimOnly(storage, 'two')).toBeNull();
    clock.advance(1);
    const taken = await claimOnly(storage, 'two');
    expect(taken).not.toBeNull();
    const events = await outbox.read(claim);
    expect(await outbox.acknowledge(claim, events)).toBe(false);
    expect(await outbox.recordFailure(claim, 0)).toBe(false);
    expect(await outbox.suspend(claim, 'too late')).toBe(false);
    expect(await outbox.release(claim)).toBe(false);
    expect(await outbox.read(taken!)).toEqual(events);
    expect(await outbox.acknowledge(taken!, events)).toBe(true);
  });

  test('begins a lease anew with each acknowledgement; one that is over holds until another takes the rule', async () => {
    const { claim, outbox, storage, clock } = await claimed(1);
    clock.advance(900);
    await outbox.acknowledge(claim, await outbox.read(claim));
    clock.advance(900);
    expect(await claimOnly(storage, 'two')).toBeNull();
    clock.advance(900);
    expect(await outbox.acknowledge(claim, await outbox.read(claim))).toBe(true);
  });

  test('of many that claim at once one has the rule', async () => {
    const { storage } = await waiting();
    const [reference] = await storage.outbox.pending();
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, i) => storage.outbox.claim(reference!, { ...lease, owner: `worker ${i}` })),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  test('keeps a rule that failed back, and counts', async () => {
    const { claim, outbox, storage, clock } = await claimed();
    const since = clock.now();
    expect(await outbox.recordFailure(claim, clock.now() + 500)).toBe(true);
    expect(await claimOnly(storage)).toBeNull();
    clock.advance(500);
    const again = await claimOnly(storage, 'two');
    expect(again?.failures).toEqual({ attempts: 1, since, retryAt: since + 500 });
    await outbox.recordFailure(again!, 0);
    const third = await claimOnly(storage);
    expect(third?.failures).toMatchObject({ attempts: 2, since });
    await outbox.release(third!);
    expect((await claimOnly(storage))?.failures).toMatchObject({ attempts: 2 });
    await outbox.acknowledge(third!, await outbox.read(third!));
    expect((await claimOnly(storage))?.failures).toBeNull();
  });

  test('suspends a rule: it gets no events, and none are delivered, until the rules are set again', async () => {
    const { claim, outbox, ...fixture } = await claimed();
    const { storage, bucket, clock } = fixture;
    expect(await outbox.suspend(claim, 'it was too much')).toBe(true);
    const [suspended] = await storage.notifications.getRules(bucket.bucketId);
    expect(suspended?.suspension).toEqual({ reason: 'it was too much', since: clock.now() });
    await uploadTo(fixture, 'd');
    expect(await claimOnly(storage)).toBeNull();
    await setRules(fixture, rule());
    await uploadTo(fixture, 'e');
    const again = await claimOnly(storage);
    expect((await outbox.read(again!)).map(({ event }) => event.objectName)).toEqual(['a', 'b', 'c', 'e']);
  });

  test('a rule that is disabled keeps its events until it is enabled', async () => {
    const fixture = await waiting();
    await setRules(fixture, rule({ isEnabled: false }));
    expect(await claimOnly(fixture.storage)).toBeNull();
    await uploadTo(fixture, 'd');
    await setRules(fixture, rule());
    const claim = await claimOnly(fixture.storage);
    expect(await fixture.storage.outbox.read(claim!)).toHaveLength(3);
  });

  test('rules that are set again while a worker is at it: it goes on, with no failures counted', async () => {
    const { claim, outbox, ...fixture } = await claimed();
    await setRules(fixture, rule());
    expect(await claimOnly(fixture.storage, 'two')).toBeNull();
    expect(await outbox.acknowledge(claim, await outbox.read(claim))).toBe(true);
    await outbox.recordFailure(claim, Number.MAX_SAFE_INTEGER);
    await setRules(fixture, rule());
    expect((await claimOnly(fixture.storage, 'two'))?.failures).toBeNull();
  });

  test('rules that are set again while a worker fails: that counts for nothing, and they are due at once', async () => {
    for (const fail of [
      (outbox: NotificationOutbox, claim: NotificationClaim) => outbox.recordFailure(claim, Number.MAX_SAFE_INTEGER),
      (outbox: NotificationOutbox, claim: NotificationClaim) => outbox.suspend(claim, 'x'),
    ]) {
      const { claim, outbox, ...fixture } = await claimed();
      await outbox.recordFailure(claim, 0);
      const again = await claimOnly(fixture.storage);
      await setRules(fixture, rule());
      await fail(outbox, again!);
      expect((await claimOnly(fixture.storage, 'two'))?.failures).toBeNull();
    }
  });

  test('a worker whose rule is gone learns that, and its events are dropped', async () => {
    const { claim, outbox, ...fixture } = await claimed();
    const events = await outbox.read(claim);
    await setRules(fixture);
    expect(await outbox.acknowledge(claim, events)).toBe(false);
    expect(await outbox.suspend(claim, 'x')).toBe(false);
    expect(await claimOnly(fixture.storage)).toBeNull();
    const left = await census(fixture);
    for (const table of ['notificationEvents', 'notificationStates', 'notificationRules'])
      expect(left).not.toHaveProperty(table);
  });

  test('thousands of events of a rule that is gone are dropped', async () => {
    const fixture = await waiting();
    const { metadata, storage } = fixture;
    const [row] = await metadata.scan('notificationEvents', { start: new Uint8Array(0), end: undefined, limit: 1 });
    const prefix = row!.key.slice(0, -8);
    const writes = Array.from({ length: 2_500 }, () => ({
      table: 'notificationEvents' as const,
      prefix,
      append: row!.value,
    }));
    await metadata.commit({ expectations: [], writes });
    await setRules(fixture);
    expect(await claimOnly(storage)).toBeNull();
    expect(await storage.outbox.pending()).toEqual([]);
  });
});
