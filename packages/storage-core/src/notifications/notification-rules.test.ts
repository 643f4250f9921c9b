import { describe, expect, test } from 'vitest';
import { keys } from '@coffer/storage-ports';
import { beforeNextCommit, census, createFixture, globalKeys, uploadTo, deletionOf } from '../../test/fixture.ts';
import { claimOnly, drain, rule, setRules, webhookSecrets } from '../../test/notification-fixture.ts';
import { createStorage } from '../create-storage.ts';

const shown = ({ name, eventTypes, isEnabled, suspension }: Awaited<ReturnType<typeof setRules>>[number]) => ({
  ...{ name, eventTypes, isEnabled, suspension },
});

describe('event notification rules', () => {
  test('a bucket has none, and then those that were set, by name', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    expect(await storage.notifications.getRules(bucket.bucketId)).toEqual([]);
    const set = await setRules(fixture, rule({ name: 'rule-b' }), rule({ name: 'rule-a', isEnabled: false }));
    expect(set.map(({ name }) => name)).toEqual(['rule-a', 'rule-b']);
    const got = await storage.notifications.getRules(bucket.bucketId);
    expect(got.map(shown)).toEqual(set.map(shown));
    const { target } = got[1]!;
    expect(target.url).toBe(`https://example.com/${webhookSecrets[2]}`);
    expect(target.signingSecret?.equals(set[1]!.target.signingSecret!)).toBe(true);
    expect(target.customHeaders?.[0]?.value.expose((text) => text)).toBe(webhookSecrets[1]);
    await setRules(fixture, rule({ target: { url: 'https://a.example/', customHeaders: null, signingSecret: null } }));
    const [only, ...rest] = await storage.notifications.getRules(bucket.bucketId);
    expect(rest).toEqual([]);
    expect(only?.target).toEqual({ url: 'https://a.example/', customHeaders: null, signingSecret: null });
  });

  test('of a bucket that does not exist cannot be had or set', async () => {
    const { storage } = await createFixture();
    const missing = { code: 'bucket_missing' };
    for (const id of ['0'.repeat(24), '', 'é']) {
      await expect(storage.notifications.getRules(id)).rejects.toMatchObject(missing);
      await expect(storage.notifications.setRules(id, [rule()])).rejects.toMatchObject(missing);
    }
  });

  test('within a prefix are those of its names only, whatever came in between', async () => {
    const fixture = await createFixture();
    const { notifications } = fixture.storage;
    const { bucketId } = fixture.bucket;
    const outside = { code: 'outside_prefix' };
    const inside = rule({ objectNamePrefix: 'p/' });
    await notifications.setRules(bucketId, [inside], 'p/');
    expect(await notifications.getRules(bucketId, 'p/')).toHaveLength(1);
    await expect(notifications.setRules(bucketId, [inside, rule()], 'p/')).rejects.toMatchObject(outside);
    // Another caller's rule comes after this one has looked, and before it commits.
    beforeNextCommit(fixture.metadata, () => setRules(fixture, rule({ name: 'theirs', objectNamePrefix: 'q/' })));
    await expect(notifications.setRules(bucketId, [inside], 'p/')).rejects.toMatchObject(outside);
    await expect(notifications.getRules(bucketId, 'p/')).rejects.toMatchObject(outside);
    expect((await notifications.getRules(bucketId)).map(({ name }) => name)).toEqual(['theirs']);
  });

  test('are stored with the whole of the webhook sealed, for their own place', async () => {
    const fixture = await createFixture();
    const { bucket, metadata } = fixture;
    await setRules(fixture, rule({ name: 'rule-a' }), rule({ name: 'rule-b' }));
    const stored = await metadata.get('notificationRules', keys.notificationRules(bucket.bucketId));
    const bytes = Buffer.concat(stored!.value.rules.map(({ sealedTarget }) => Buffer.from(sealedTarget)));
    for (const secret of [...webhookSecrets, 'example.com']) expect(bytes.includes(secret)).toBe(false);
    const [a, b] = stored!.value.rules;
    const swapped = { ...stored!.value, rules: [{ ...a!, sealedTarget: b!.sealedTarget }] };
    const key = keys.notificationRules(bucket.bucketId);
    await metadata.commit({ expectations: [], writes: [{ table: 'notificationRules', key, put: swapped }] });
    await expect(fixture.storage.notifications.getRules(bucket.bucketId)).rejects.toMatchObject({
      code: 'record_damaged',
    });
  });

  test('cannot be had without the key that their webhooks are sealed with', async () => {
    const fixture = await createFixture();
    await setRules(fixture, rule());
    const other = createStorage({ ...fixture, keys: globalKeys(8), random: { bytes: (n) => new Uint8Array(n) } });
    const failed = other.notifications.getRules(fixture.bucket.bucketId);
    await expect(failed).rejects.toMatchObject({ code: 'storage_unavailable' });
    const error: unknown = await failed.catch((reason: unknown) => reason);
    for (const secret of webhookSecrets) expect(JSON.stringify(error)).not.toContain(secret);
  });

  test('do not change the revision of their bucket, nor an update of it the rules', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    await setRules(fixture, rule());
    expect(await storage.buckets.get(bucket.bucketId)).toEqual({ ...bucket, notifies: true });
    await storage.buckets.update(bucket.bucketId, { type: 'allPublic' });
    await uploadTo(fixture, 'a');
    expect((await drain(storage))['my-rule']).toHaveLength(1);
    await setRules(fixture, rule({ isEnabled: false }));
    expect(await storage.buckets.get(bucket.bucketId)).toMatchObject({ notifies: false });
    await setRules(fixture);
    expect(await census(fixture)).not.toHaveProperty('notificationRules');
  });

  test('set twice at once: one after the other', async () => {
    const fixture = await createFixture();
    beforeNextCommit(fixture.metadata, () => setRules(fixture, rule({ name: 'rule-a' })));
    await setRules(fixture, rule({ name: 'rule-b' }));
    const rules = await fixture.storage.notifications.getRules(fixture.bucket.bucketId);
    expect(rules.map(({ name }) => name)).toEqual(['rule-b']);
  });

  test('keep the events of a rule whose name stays, and drop those of one that goes', async () => {
    const fixture = await createFixture();
    const { storage } = fixture;
    const created = rule({ name: 'rule-a' });
    const hidden = rule({ name: 'rule-b', eventTypes: ['b2:HideMarkerCreated:*'] });
    await setRules(fixture, created, hidden);
    await uploadTo(fixture, 'a');
    await storage.files.hide(fixture.bucket.bucketId, 'a');
    await setRules(fixture, { ...created, objectNamePrefix: 'other/' });
    expect(Object.keys(await drain(storage))).toEqual(['rule-a']);
    expect(await storage.outbox.pending()).toEqual([]);
    // The same name again is another rule.
    await setRules(fixture, hidden);
    expect(await drain(storage)).toEqual({});
  });

  test('go with their bucket, and so do their events', async () => {
    const fixture = await createFixture();
    const { storage, bucket } = fixture;
    const before = await census(fixture);
    await setRules(fixture, rule());
    const version = await uploadTo(fixture, 'a');
    await storage.files.deleteVersion(deletionOf(version));
    expect(await claimOnly(storage)).not.toBeNull();
    await storage.buckets.delete(bucket.bucketId);
    expect(await claimOnly(storage, 'two')).toBeNull();
    const after = await census(fixture);
    expect(after).toEqual(Object.fromEntries(Object.entries(before).filter(([table]) => !/^bucket/.test(table))));
  });

  test('secrets are in nothing that is printed', async () => {
    const fixture = await createFixture();
    const rules = await setRules(fixture, rule());
    const text = JSON.stringify([rules, await fixture.storage.notifications.getRules(fixture.bucket.bucketId)]);
    for (const secret of webhookSecrets.slice(0, 2)) expect(text).not.toContain(secret);
  });
});
