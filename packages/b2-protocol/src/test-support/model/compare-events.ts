import assert from 'node:assert/strict';
import { eventRules, type ToldEvent } from './event-model.ts';
import type { ModelBucket } from './model.ts';
import type { Scene } from './scene.ts';

type Events = Record<string, ToldEvent[]>;

/**
 * Takes all events out of the outbox. They must be those of the model; the events of one name in the order in which
 * they happened.
 */
export async function compareEvents(scene: Scene): Promise<void> {
  const drained = await drain(scene);
  const expected: Events = {};
  for (const bucket of scene.model.buckets) Object.assign(expected, eventsOf(bucket));
  assert.deepEqual(drained, expected);
  assert.deepEqual(await scene.server.storage.outbox.pending(), []);
}

/** By bucket, rule and name. */
function eventsOf({ bucketId, events }: ModelBucket): Events {
  const found: Events = {};
  for (const [rule, category] of Object.entries(eventRules))
    for (const event of events ?? [])
      if (event.eventType.startsWith(`${category}:`)) put(found, `${bucketId} ${rule} ${event.objectName}`, event);
  return found;
}

async function drain({ server }: Scene): Promise<Events> {
  const { outbox } = server.storage;
  const drained: Events = {};
  for (const reference of await outbox.pending()) {
    const claim = await outbox.claim(reference, { owner: 'model', milliseconds: 1_000 });
    if (claim === null) continue;
    for (let batch = await outbox.read(claim); batch.length > 0; batch = await outbox.read(claim)) {
      for (const { event } of batch) {
        const { eventId, ...told } = event;
        assert.match(eventId, /^[0-9a-f]+$/);
        put(drained, `${claim.bucketId} ${claim.ruleName} ${event.objectName}`, told);
      }
      assert.ok(await outbox.acknowledge(claim, batch));
    }
    await outbox.release(claim);
  }
  return drained;
}

function put(events: Events, key: string, event: ToldEvent): void {
  (events[key] ??= []).push(event);
}
