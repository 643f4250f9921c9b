import { fixedClock } from '@coffer/storage-testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestServer, type TestServerOptions } from './test-support/test-server.ts';

const clock = fixedClock(1_700_000_000_000);
const secret = 'abcdefghijABCDEFGHIJ012345678901';

const open = (options: TestServerOptions = {}) => TestServer.inMemory({ clock, ...options });

const rule = {
  name: 'my-rule',
  eventTypes: ['b2:ObjectCreated:Upload'],
  isEnabled: true,
  objectNamePrefix: '',
  targetConfiguration: { targetType: 'webhook', url: 'https://example.com/hook' },
};
const shownRule = {
  ...rule,
  isSuspended: false,
  maxEventsPerBatch: 1,
  suspensionReason: '',
  targetConfiguration: { ...rule.targetConfiguration, customHeaders: null, hmacSha256SigningSecret: null },
};

let server: TestServer;
let bucketId: string;
beforeEach(async () => {
  server = await open();
  bucketId = await server.createBucket('my-bucket');
});

const set = (...eventNotificationRules: readonly object[]) =>
  server.call('b2_set_bucket_notification_rules', { bucketId, eventNotificationRules });

describe('event notification rules', () => {
  it('are none, then those that were set, sorted by name, by GET and by POST', async () => {
    const none = { bucketId, eventNotificationRules: [] };
    expect(await server.ok('b2_get_bucket_notification_rules', { bucketId })).toEqual(none);
    const answer = await set({ ...rule, name: 'rule-2', objectNamePrefix: 'b' }, { ...rule, objectNamePrefix: 'a' });
    const both = [
      { ...shownRule, objectNamePrefix: 'a' },
      { ...shownRule, name: 'rule-2', objectNamePrefix: 'b' },
    ];
    expect(answer.json).toEqual({ bucketId, eventNotificationRules: both });
    for (const method of ['GET', 'POST'] as const)
      expect(await server.ok('b2_get_bucket_notification_rules', { bucketId }, { method })).toEqual(answer.json);
    expect((await set()).json).toEqual(none);
    expect(await server.ok('b2_get_bucket_notification_rules', { bucketId })).toEqual(none);
  });

  it('show headers and secret as they were set, and can be sent back as they were shown', async () => {
    const targetConfiguration = {
      ...rule.targetConfiguration,
      customHeaders: [{ name: 'X-Token', value: 'top secret' }],
      hmacSha256SigningSecret: secret,
    };
    const first = (await set({ ...rule, maxEventsPerBatch: 50, targetConfiguration })).json;
    expect(first.eventNotificationRules).toEqual([{ ...shownRule, maxEventsPerBatch: 50, targetConfiguration }]);
    const again = (await set(...first.eventNotificationRules)).json;
    expect(again).toEqual(first);
  });

  it('are stored without any of it in clear', async () => {
    const customHeaders = { 'X-Token': 'top secret' };
    await set({
      ...rule,
      targetConfiguration: { ...rule.targetConfiguration, customHeaders, hmacSha256SigningSecret: secret },
    });
    const stored = JSON.stringify(await server.snapshot(), (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    expect(stored).toContain('my-rule');
    for (const text of ['top secret', secret, 'example.com']) expect(stored).not.toContain(text);
  });

  it.each([
    [{ eventTypes: [] }, 'event_types_empty'],
    [{ eventTypes: ['b2:ObjectRead:*'] }, 'event_type_invalid'],
    [{ eventTypes: ['b2:ObjectCreated:*', 'b2:ObjectCreated:Copy'] }, 'event_type_overlap'],
    [{ eventTypes: ['b2:ObjectCreated:*', 'b2:ObjectDeleted:*'], objectNamePrefix: '' }, 'bad_request'],
    [{ targetConfiguration: { ...rule.targetConfiguration, url: 'http://example.com/' } }, 'bad_request'],
    [{ targetConfiguration: { ...rule.targetConfiguration, hmacSha256SigningSecret: 'short' } }, 'bad_request'],
    [{ name: 'b2-rule' }, 'bad_request'],
  ] as const)('%j is refused: %s, and nothing is changed', async (changes, code) => {
    await set(rule);
    await server.refused(() => set(rule, { ...rule, name: 'other-rule', objectNamePrefix: 'a', ...changes }), {
      status: 400,
      code,
    });
  });

  it('may be for types of several categories, and are told of all of them', async () => {
    const eventTypes = ['b2:ObjectCreated:*', 'b2:ObjectDeleted:*', 'b2:HideMarkerCreated:Hide'];
    const answer = await set({ ...rule, eventTypes, maxEventsPerBatch: 10 });
    expect([answer.status, answer.json.eventNotificationRules[0]?.eventTypes]).toEqual([200, eventTypes]);
    const { fileId } = (await server.upload(bucketId, 'a', 'x')).json;
    await server.ok('b2_hide_file', { bucketId, fileName: 'a' });
    await server.ok('b2_delete_file_version', { fileName: 'a', fileId });
    const { outbox } = server.storage;
    const [pending] = await outbox.pending();
    const claim = await outbox.claim(pending!, { owner: 'w', milliseconds: 1_000 });
    expect((await outbox.read(claim!)).map(({ event }) => event.eventType)).toEqual([
      'b2:ObjectCreated:Upload',
      'b2:HideMarkerCreated:Hide',
      'b2:ObjectDeleted:Delete',
    ]);
  });

  it('of a missing bucket: bad_bucket_id', async () => {
    const missing = '0'.repeat(24);
    const expected = { status: 400, code: 'bad_bucket_id', message: `Bucket ${missing} does not exist` } as const;
    await server.refused(() => server.call('b2_get_bucket_notification_rules', { bucketId: missing }), expected);
    const fields = { bucketId: missing, eventNotificationRules: [rule] };
    await server.refused(() => server.call('b2_set_bucket_notification_rules', fields), expected);
  });

  it('say which field is missing', async () => {
    const { name, eventTypes, isEnabled, targetConfiguration } = rule;
    await server.refused(() => set({ name, eventTypes, isEnabled, targetConfiguration }), {
      status: 400,
      code: 'bad_request',
      message: 'required field objectNamePrefix is missing',
    });
  });

  it('may have http URLs where the operator allows it', async () => {
    server = await open({ b2: { allowHttpWebhooks: true } });
    bucketId = await server.createBucket('my-bucket');
    const url = 'http://example.com/';
    const answer = await set({ ...rule, targetConfiguration: { ...rule.targetConfiguration, url } });
    expect(answer.json.eventNotificationRules[0]?.targetConfiguration.url).toBe(url);
  });

  it('show that, and why, they are suspended, until they are set again', async () => {
    await set(rule);
    await server.upload(bucketId, 'a', 'content');
    const { outbox } = server.storage;
    const [pending] = await outbox.pending();
    const claim = await outbox.claim(pending!, { owner: 'w', milliseconds: 1_000 });
    await outbox.suspend(claim!, 'too many failures');
    const shown = await server.ok('b2_get_bucket_notification_rules', { bucketId });
    expect(shown.eventNotificationRules).toEqual([
      { ...shownRule, isSuspended: true, suspensionReason: 'too many failures' },
    ]);
    expect((await set(...shown.eventNotificationRules)).json.eventNotificationRules).toEqual([shownRule]);
  });
});
