import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalStore } from '@coffer/store-local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Receiver } from './test-support/receiver.ts';
import { Scene, secret, target } from './test-support/scene.ts';

let receiver: Receiver;
let scene: Scene;
beforeEach(async () => {
  receiver = await Receiver.open();
  scene = await Scene.open();
});
afterEach(() => receiver.close());

const day = 86_400_000;
const namesOf = (of: Receiver) => of.events.map(({ objectName }) => objectName);

describe('a delivery', () => {
  it('tells of the event in JSON, signed', async () => {
    await scene.setRules({ target: target(receiver.url, { 'X-Token': 'abc', 'user-agent': 'mine' }) });
    const version = await scene.upload('photos/a', '12345');
    await scene.worker().round();
    const [request] = receiver.received;
    expect(receiver.received.length).toBe(1);
    const { accountId } = version;
    const [event] = receiver.events;
    expect(event).toEqual({
      accountId,
      bucketId: scene.bucketId,
      bucketName: 'my-bucket',
      eventId: event?.eventId,
      eventTimestamp: scene.clock.now(),
      eventType: 'b2:ObjectCreated:Upload',
      eventVersion: 1,
      matchedRuleName: 'my-rule',
      objectName: 'photos/a',
      objectSize: 5,
      objectVersionId: version.fileId,
    });
    const signature = createHmac('sha256', secret).update(request!.body).digest('hex');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-bz-event-notification-signature': `v1=${signature}`,
      'x-token': 'abc',
      'user-agent': 'mine',
    });
    expect(scene.deliveries).toEqual([
      { outcome: 'delivered', bucketId: scene.bucketId, ruleName: 'my-rule', events: 1, reason: null },
    ]);
    expect(await scene.hasPending()).toBe(false);
  });

  it('is not signed without a secret', async () => {
    await scene.setRules({ target: { ...target(receiver.url), signingSecret: null } });
    await scene.upload('a');
    await scene.worker().round();
    expect(receiver.received[0]?.headers).not.toHaveProperty('x-bz-event-notification-signature');
  });

  it('has at most maxEventsPerBatch events, in the order of the changes', async () => {
    await scene.setRules({ maxEventsPerBatch: 50, target: target(receiver.url) });
    const names = Array.from({ length: 120 }, (_, i) => `file ${i % 7} ${i}`);
    for (const name of names) await scene.upload(name);
    await scene.worker().round();
    expect(receiver.batches.map((batch) => batch.length)).toEqual([50, 50, 20]);
    expect(namesOf(receiver)).toEqual(names);
    expect(new Set(receiver.events.map(({ eventId }) => eventId)).size).toBe(120);
  });

  it('goes on turn after turn until nothing is left', async () => {
    await scene.setRules({ target: target(receiver.url) });
    for (let i = 0; i < 45; i++) await scene.upload(`${i}`);
    await scene.worker().round();
    expect(namesOf(receiver)).toEqual(Array.from({ length: 45 }, (_, i) => `${i}`));
  });

  it('tells each rule of its own category, in the order of the changes to a file', async () => {
    const types = ['b2:ObjectCreated:*', 'b2:ObjectDeleted:*', 'b2:HideMarkerCreated:*'];
    await scene.setRules(
      ...types.map((type, i) => ({ name: `my-rule-${i}`, eventTypes: [type], target: target(receiver.url) })),
    );
    const made: string[] = [];
    for (let i = 0; i < 5; i++) {
      const version = await scene.upload('a');
      await scene.storage.files.hide(scene.bucketId, 'a');
      await scene.storage.files.deleteVersion({ name: version.name, fileId: version.fileId, bypassGovernance: false });
      made.push(version.fileId);
    }
    await scene.worker().round();
    const versions = (type: string) =>
      receiver.events.filter(({ eventType }) => eventType === type).map(({ objectVersionId }) => objectVersionId);
    expect(versions('b2:ObjectCreated:Upload')).toEqual(made);
    expect(versions('b2:ObjectDeleted:Delete')).toEqual(made);
    expect(versions('b2:HideMarkerCreated:Hide').length).toBe(5);
    expect(receiver.events.length).toBe(15);
  });
});

describe('a receiver that fails', () => {
  it('gets everything once it is there again, in order, no sooner than the back-off allows', async () => {
    const worker = scene.worker({ backOff: { firstMilliseconds: 1_000, maximumMilliseconds: 8_000 } });
    receiver.behaviour = 'hang up';
    await scene.setRules({ maxEventsPerBatch: 2, target: target(receiver.url) });
    for (const name of ['a', 'b', 'c']) await scene.upload(name);
    for (let seconds = 0; seconds < 60; seconds++) {
      await worker.round();
      scene.clock.advance(1_000);
    }
    const failures = scene.deliveries.length;
    expect(scene.deliveries.every(({ outcome }) => outcome === 'failed')).toBe(true);
    expect(scene.deliveries[0]?.reason).toBe('The connection to the receiver failed: ECONNRESET');
    // About 1, 2, 4, 8, 8, … seconds, less up to a half.
    expect(failures).toBeGreaterThan(7);
    expect(failures).toBeLessThan(20);
    receiver.behaviour = 200;
    const inVain = receiver.batches.length;
    expect(inVain).toBe(failures);
    await scene.upload('d');
    scene.clock.advance(8_000);
    await worker.round();
    expect(receiver.batches.slice(inVain).map((batch) => batch.map(({ objectName }) => objectName))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(await scene.hasPending()).toBe(false);
  });

  it('that answered half of the batches gets the rest, and none in between twice', async () => {
    await scene.setRules({ target: target(receiver.url) });
    for (const name of ['a', 'b', 'c', 'd']) await scene.upload(name);
    const worker = scene.worker({
      onDelivery: () => {
        receiver.behaviour = receiver.received.length < 2 ? 200 : 500;
      },
    });
    await worker.round();
    expect(namesOf(receiver)).toEqual(['a', 'b', 'c']);
    const failed = receiver.events[2];
    receiver.behaviour = 200;
    scene.clock.advance(10_000);
    await scene.worker().round();
    expect(namesOf(receiver)).toEqual(['a', 'b', 'c', 'c', 'd']);
    expect(receiver.events[3]).toEqual(failed);
  });

  it('does not hold up the receivers of other rules', async () => {
    const other = await Receiver.open();
    receiver.behaviour = 'silence';
    await scene.setRules(
      { name: 'slow-rule', objectNamePrefix: 'a/', target: target(receiver.url) },
      { name: 'fast-rule', objectNamePrefix: 'b/', target: target(other.url) },
    );
    for (let i = 0; i < 30; i++) await scene.upload(`${i % 2 === 0 ? 'a' : 'b'}/${i}`);
    const round = scene.worker({ concurrency: 2, timeoutMilliseconds: 600_000 }).round();
    await expect.poll(() => other.events.length).toBe(15);
    expect(scene.deliveries.some(({ ruleName }) => ruleName === 'slow-rule')).toBe(false);
    expect(receiver.received.length).toBe(1);
    receiver.hangUp();
    await round;
    await other.close();
  });

  it('for long enough, and often enough, has its rule suspended, with the reason, until it is set again', async () => {
    receiver.behaviour = 503;
    const rule = { maxEventsPerBatch: 5, target: target(receiver.url) };
    await scene.setRules(rule);
    await scene.upload('a');
    const worker = scene.worker({ suspendAfter: { attempts: 3, milliseconds: day } });
    const since = new Date(scene.clock.now()).toISOString();
    await worker.round();
    scene.clock.advance(day);
    await worker.round();
    expect(scene.deliveries.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    scene.clock.advance(day);
    await worker.round();
    expect(scene.deliveries.at(-1)).toMatchObject({ outcome: 'suspended', events: 1 });
    const rules = await scene.storage.notifications.getRules(scene.bucketId);
    expect(rules[0]?.suspension).toEqual({
      reason: `3 attempts failed since ${since}; the last one: The receiver answered with status 503`,
      since: scene.clock.now(),
    });
    // Nothing is sent or recorded now; what waits stays.
    receiver.behaviour = 200;
    await scene.upload('b');
    scene.clock.advance(30 * day);
    await worker.round();
    expect(receiver.received.length).toBe(3);
    await scene.setRules(rule);
    await scene.upload('c');
    await worker.round();
    expect(receiver.batches.at(-1)?.map(({ objectName }) => objectName)).toEqual(['a', 'c']);
    const again = await scene.storage.notifications.getRules(scene.bucketId);
    expect(again[0]?.suspension).toBeNull();
  });

  it('has its rule suspended at once when too many events wait, but not before its deliveries fail', async () => {
    const rule = { maxEventsPerBatch: 1, target: target(receiver.url) };
    await scene.setRules(rule);
    for (const name of ['a', 'b', 'c']) await scene.upload(name);
    const counted: number[] = [];
    const worker = scene.worker({
      maximumBacklog: 2,
      onBacklog: (backlog) => counted.push(...backlog.map(({ events }) => events)),
    });
    await worker.count();
    receiver.behaviour = 503;
    await worker.round();
    await worker.count();
    expect(counted).toEqual([3, 3]);
    const reason = 'backlog: its deliveries fail, and more than 2 events wait';
    expect(scene.deliveries.at(-1)).toMatchObject({ outcome: 'suspended', ruleName: 'my-rule', events: 3, reason });
    const [suspended] = await scene.storage.notifications.getRules(scene.bucketId);
    expect(suspended?.suspension?.reason).toBe(reason);
    receiver.behaviour = 200;
    // Uploads go on, without events; what waits is delivered once the rules are set again.
    await scene.upload('d');
    await scene.setRules(rule);
    await worker.count();
    await worker.round();
    expect(namesOf(receiver).slice(-3)).toEqual(['a', 'b', 'c']);
    await worker.count();
    expect(counted).toEqual([3, 3, 3]);
    const [again] = await scene.storage.notifications.getRules(scene.bucketId);
    expect(again?.suspension).toBeNull();
  });

  it('does not have its rule suspended while no more than may wait', async () => {
    receiver.behaviour = 503;
    await scene.setRules({ maxEventsPerBatch: 1, target: target(receiver.url) });
    for (const name of ['a', 'b']) await scene.upload(name);
    const worker = scene.worker({ maximumBacklog: 2 });
    await worker.round();
    await worker.count();
    expect(scene.deliveries.map(({ outcome }) => outcome)).toEqual(['failed']);
  });

  it('does not have rules suspended that are set again while its last attempt is under way', async () => {
    receiver.behaviour = 503;
    await scene.setRules({ target: target(receiver.url) });
    await scene.upload('a');
    const worker = scene.worker({ suspendAfter: { attempts: 2, milliseconds: day } });
    await worker.round();
    scene.clock.advance(day);
    const better = await Receiver.open();
    receiver.onRequest = () => scene.setRules({ target: target(better.url) });
    await worker.round();
    await worker.round();
    expect(namesOf(better)).toEqual(['a']);
    expect(scene.deliveries.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'delivered']);
    const [rule] = await scene.storage.notifications.getRules(scene.bucketId);
    expect(rule?.suspension).toBeNull();
    await better.close();
  });

  it('is counted anew after a success', async () => {
    await scene.setRules({ target: target(receiver.url) });
    const worker = scene.worker({ suspendAfter: { attempts: 2, milliseconds: day } });
    for (let i = 0; i < 4; i++) {
      receiver.behaviour = i % 2 === 0 ? 500 : 200;
      await scene.upload(`${i}`);
      scene.clock.advance(day);
      await worker.round();
    }
    expect(scene.deliveries.map(({ outcome }) => outcome)).not.toContain('suspended');
  });

  it('at an address that is not allowed is never asked', async () => {
    await scene.setRules({ target: target(receiver.url.replace('127.0.0.1', 'localhost')) });
    await scene.upload('a');
    await scene.worker({ addresses: { allowHttp: true } }).round();
    expect(receiver.received).toEqual([]);
    expect(scene.deliveries[0]?.reason).toBe('The server does not send webhooks to the address of this URL');
  });
});

describe('rules that are set again in the middle of a turn', () => {
  const names = Array.from({ length: 6 }, (_, i) => `${i}`);

  it('are followed from the next request on: to another receiver', async () => {
    const better = await Receiver.open();
    await scene.setRules({ target: target(receiver.url) });
    for (const name of names) await scene.upload(name);
    receiver.onRequest = () => scene.setRules({ target: target(better.url) });
    const worker = scene.worker();
    await worker.round();
    await worker.round();
    expect(namesOf(receiver)).toEqual(['0']);
    expect(namesOf(better)).toEqual(names.slice(1));
    await better.close();
  });

  it('are followed from the next request on: to none, if they are disabled', async () => {
    await scene.setRules({ target: target(receiver.url) });
    for (const name of names) await scene.upload(name);
    receiver.onRequest = () => scene.setRules({ isEnabled: false, target: target(receiver.url) });
    const worker = scene.worker();
    await worker.round();
    await worker.round();
    expect(namesOf(receiver)).toEqual(['0']);
    expect(await scene.hasPending()).toBe(true);
  });
});

describe('workers', () => {
  it('of two at once one has a rule', async () => {
    await scene.setRules({ maxEventsPerBatch: 3, target: target(receiver.url) });
    const names = Array.from({ length: 60 }, (_, i) => `${i}`);
    for (const name of names) await scene.upload(name);
    await Promise.all([1, 2, 3, 4].map(() => scene.worker().round()));
    expect(namesOf(receiver)).toEqual(names);
  });

  it('one that died has its rule taken over when its lease is over, and nothing is lost', async () => {
    await scene.setRules({ target: target(receiver.url) });
    await scene.upload('a');
    const [rule] = await scene.storage.outbox.pending();
    // Claims, and is never heard of again.
    await scene.storage.outbox.claim(rule!, { owner: 'died', milliseconds: 60_000 });
    await scene.worker().round();
    expect(receiver.received).toEqual([]);
    scene.clock.advance(60_000);
    await scene.worker().round();
    expect(namesOf(receiver)).toEqual(['a']);
  });

  it('that are stopped in the middle, and others started on the same directory, lose nothing and keep the order', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'coffer-events-'));
    const first = await openLocalStore({ directory });
    const before = await Scene.open(first);
    await before.setRules({ maxEventsPerBatch: 2, target: target(receiver.url) });
    const names = Array.from({ length: 30 }, (_, i) => `${i}`);
    for (const name of names.slice(0, 20)) await before.upload(name);
    const stopped = before.worker({ onDelivery: () => void (receiver.received.length === 4 && stopped.stop()) });
    await stopped.round();
    await stopped.stop();
    expect(namesOf(receiver)).toEqual(names.slice(0, 8));
    await first.close();

    const second = await openLocalStore({ directory });
    const after = await Scene.open(second);
    expect(after.bucketId).toBe(before.bucketId);
    for (const name of names.slice(20)) await after.upload(name);
    await after.worker().round();
    expect(namesOf(receiver)).toEqual(names);
    expect(await after.hasPending()).toBe(false);
    await second.close();
    await rm(directory, { recursive: true });
  });

  it('started, they deliver by themselves until they are stopped', async () => {
    await scene.setRules({ target: target(receiver.url) });
    let wake = (): void => undefined;
    const worker = scene.worker({
      wait: (_, signal) =>
        new Promise((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => {
            resolve();
          });
        }),
    });
    worker.start();
    worker.start();
    const woken = () => {
      // As often as is looked: the worker may just have looked itself, and not be waiting yet.
      wake();
      return namesOf(receiver);
    };
    await scene.upload('a');
    await expect.poll(woken).toEqual(['a']);
    await scene.upload('b');
    await expect.poll(woken).toEqual(['a', 'b']);
    await worker.stop();
    await worker.stop();
    await scene.upload('c');
    await worker.round();
    expect(namesOf(receiver)).toEqual(['a', 'b']);
    expect(await scene.hasPending()).toBe(true);
  });

  it('tell of a store that fails, and go on when it is better', async () => {
    await scene.setRules({ target: target(receiver.url) });
    await scene.upload('a');
    const { outbox } = scene.storage;
    let broken = true;
    const worker = scene.worker({
      outbox: { ...outbox, claim: (...of) => (broken ? Promise.reject(new Error('broken')) : outbox.claim(...of)) },
    });
    await worker.round();
    expect(scene.errors).toMatchObject([{ message: 'broken' }]);
    broken = false;
    await worker.round();
    expect(namesOf(receiver)).toEqual(['a']);
  });
});
