import { SecretString } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { coversEventType, eventTypesCovered, notificationEventTypes } from './notification-event-type.ts';
import { operations } from '../operations/operations.ts';
import { parseRequest, printRequest } from '../requests/parse-request.ts';

const row = operations.b2_set_bucket_notification_rules;
const bucketId = '8d625eb63be2775577c70e1a';
const rule = {
  name: 'my-rule',
  eventTypes: ['b2:ObjectCreated:*'],
  isEnabled: true,
  objectNamePrefix: '',
  targetConfiguration: { targetType: 'webhook', url: 'https://example.com/' },
};

const parse = (...rules: readonly object[]) => parseRequest(row, { bucketId, eventNotificationRules: rules });

describe('eventNotificationRules', () => {
  it.each([
    [[], 'event_types_empty'],
    [['b2:ObjectCreated:Anything'], 'event_type_invalid'],
    [['b2:ObjectCreated:*', 'nonsense'], 'event_type_invalid'],
    [['b2:ObjectCreated:*', 'b2:ObjectCreated:Upload'], 'event_type_overlap'],
    [['b2:ObjectDeleted:Delete', 'b2:ObjectDeleted:Delete'], 'event_type_overlap'],
    [['b2:ObjectCreated:*', 'b2:ObjectCreated:*'], 'event_type_overlap'],
    [['b2:ObjectDeleted:Delete', 'b2:ObjectCreated:Upload', 'b2:ObjectCreated:*'], 'event_type_overlap'],
  ])('event types %j: %s', (eventTypes, code) => {
    expect(parse({ ...rule, eventTypes })).toMatchObject({ ok: false, code });
  });

  it('may be of several categories', () => {
    for (const eventTypes of [
      ['b2:ObjectCreated:*', 'b2:ObjectDeleted:*', 'b2:HideMarkerCreated:*'],
      ['b2:ObjectCreated:Upload', 'b2:ObjectDeleted:Delete'],
      ['b2:HideMarkerCreated:*', 'b2:ObjectCreated:Copy', 'b2:ObjectCreated:Upload'],
    ])
      expect(parse({ ...rule, eventTypes }).ok).toBe(true);
  });

  it('of several categories overlap with a rule for one of them', () => {
    const both = { ...rule, eventTypes: ['b2:ObjectCreated:*', 'b2:ObjectDeleted:*'], objectNamePrefix: 'a' };
    const other = { ...rule, name: 'other-rule', eventTypes: ['b2:ObjectDeleted:Delete'] };
    expect(parse(both, { ...other, objectNamePrefix: 'ab' }).ok).toBe(false);
    expect(parse(both, { ...other, objectNamePrefix: 'b' }).ok).toBe(true);
    expect(parse(both, { ...other, eventTypes: ['b2:HideMarkerCreated:*'], objectNamePrefix: 'ab' }).ok).toBe(true);
  });

  it('says which field of a rule is missing', () => {
    for (const field of ['name', 'eventTypes', 'isEnabled', 'objectNamePrefix', 'targetConfiguration']) {
      const rest = Object.fromEntries(Object.entries(rule).filter(([name]) => name !== field));
      expect(parse(rest)).toMatchObject({ ok: false, message: `required field ${field} is missing` });
    }
  });

  it('of different types, or under prefixes that do not overlap, may be several', () => {
    const other = { ...rule, name: 'other-rule' };
    expect(parse(rule, { ...other, eventTypes: ['b2:ObjectDeleted:*'] }).ok).toBe(true);
    const a = { ...rule, objectNamePrefix: 'a' };
    expect(parse(a, { ...other, objectNamePrefix: 'b' }).ok).toBe(true);
    expect(parse(a, { ...other, objectNamePrefix: '' }).ok).toBe(false);
    expect(parse(a, { ...other, objectNamePrefix: 'a', eventTypes: ['b2:ObjectCreated:Copy'] }).ok).toBe(false);
  });

  it('have custom headers as a list or, as the command-line tool sends them, as an object; secrets are hidden', () => {
    const hmacSha256SigningSecret = 'abcdefghijABCDEFGHIJ012345678901';
    for (const customHeaders of [[{ name: 'X-A', value: 'top secret' }], { 'X-A': 'top secret' }]) {
      const targetConfiguration = { ...rule.targetConfiguration, customHeaders, hmacSha256SigningSecret };
      const parsed = parse({ ...rule, targetConfiguration });
      if (!parsed.ok) throw new Error(parsed.message);
      const target = parsed.value.eventNotificationRules[0]?.targetConfiguration;
      expect(target?.hmacSha256SigningSecret?.equals(SecretString.of(hmacSha256SigningSecret))).toBe(true);
      expect(target?.customHeaders?.[0]?.value.expose((text) => text)).toBe('top secret');
      expect(JSON.stringify(parsed)).not.toMatch(/top secret|abcdefghij/);
      const printed = printRequest(row, parsed.value).eventNotificationRules[0]?.targetConfiguration;
      expect(printed?.hmacSha256SigningSecret).toBe(hmacSha256SigningSecret);
      expect(printed?.customHeaders).toEqual([{ name: 'X-A', value: 'top secret' }]);
    }
  });

  it('take null for what may be left out', () => {
    const targetConfiguration = { ...rule.targetConfiguration, customHeaders: null, hmacSha256SigningSecret: null };
    const nulls = { maxEventsPerBatch: null, isSuspended: null, suspensionReason: null };
    expect(parse({ ...rule, ...nulls, targetConfiguration }).ok).toBe(true);
  });

  it('show no secret in a refusal', () => {
    const hmacSha256SigningSecret = 'top-secret-and-not-alphanumeric';
    const customHeaders = [{ name: 'X-A', value: 'top-secret\n' }];
    for (const secrets of [{ hmacSha256SigningSecret }, { customHeaders }]) {
      const refused = parse({ ...rule, targetConfiguration: { ...rule.targetConfiguration, ...secrets } });
      expect(refused.ok).toBe(false);
      expect(JSON.stringify(refused)).not.toContain('top-secret');
    }
  });
});

it('an event type covers itself, and all of a category its members', () => {
  expect(coversEventType('b2:ObjectCreated:*', 'b2:ObjectCreated:Copy')).toBe(true);
  expect(coversEventType('b2:ObjectCreated:*', 'b2:ObjectDeleted:Delete')).toBe(false);
  expect(eventTypesCovered(['b2:ObjectDeleted:*'])).toEqual([
    'b2:ObjectDeleted:Delete',
    'b2:ObjectDeleted:LifecycleRule',
  ]);
  for (const type of notificationEventTypes) expect(eventTypesCovered([type])).toEqual([type]);
});
