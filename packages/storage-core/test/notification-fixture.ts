import { SecretString } from '@coffer/bytes';
import type { NotificationEventRecord } from '@coffer/storage-ports';
import type { NotificationClaim, NotificationRuleSettings } from '../src/services/notifications.ts';
import type { Storage } from '../src/services/storage.ts';
import type { Fixture } from './fixture.ts';

export const webhookSecrets = ['abcdefghijABCDEFGHIJ012345678901', 'token-of-a-header', 'token-of-a-url'] as const;

/** A rule for everything that is created; the target holds every secret of {@link webhookSecrets}. */
export function rule(changes: Partial<NotificationRuleSettings> = {}): NotificationRuleSettings {
  const [signingSecret, value, inUrl] = webhookSecrets;
  return {
    name: 'my-rule',
    eventTypes: ['b2:ObjectCreated:*'],
    objectNamePrefix: '',
    isEnabled: true,
    maxEventsPerBatch: 100,
    target: {
      url: `https://example.com/${inUrl}`,
      customHeaders: [{ name: 'X-Token', value: SecretString.of(value) }],
      signingSecret: SecretString.of(signingSecret),
    },
    ...changes,
  };
}

export const setRules = (
  { storage, bucket }: Pick<Fixture, 'storage' | 'bucket'>,
  ...rules: NotificationRuleSettings[]
) => storage.notifications.setRules(bucket.bucketId, rules);

/** Claims the only rule that has events. */
export async function claimOnly({ outbox }: Storage, owner = 'one'): Promise<NotificationClaim | null> {
  const [first, ...rest] = await outbox.pending();
  if (first === undefined || rest.length > 0) throw new Error('Not one rule has events');
  return outbox.claim(first, { owner, milliseconds: 1_000 });
}

/** Takes all events of all rules out, by the names of the rules. */
export async function drain({ outbox }: Storage): Promise<Record<string, readonly NotificationEventRecord[]>> {
  const drained: Record<string, readonly NotificationEventRecord[]> = {};
  for (const reference of await outbox.pending()) {
    const claim = await outbox.claim(reference, { owner: 'drain', milliseconds: 1_000 });
    if (claim === null) continue;
    const events = await outbox.read(claim);
    await outbox.acknowledge(claim, events);
    await outbox.release(claim);
    drained[claim.ruleName] = events.map(({ event }) => event);
  }
  return drained;
}
