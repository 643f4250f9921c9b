import { notificationRulesField } from '@coffer/b2-schema';
import { SecretString } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import {
  cleanRule,
  draftOf,
  headerPairs,
  makeSigningSecret,
  settledEventTypes,
  withHeaders,
} from './notification-draft.ts';

const served = {
  name: 'some-rule',
  eventTypes: ['b2:ObjectCreated:*'],
  isEnabled: true,
  isSuspended: false,
  objectNamePrefix: '',
  maxEventsPerBatch: 1,
  suspensionReason: '',
  targetConfiguration: {
    targetType: 'webhook',
    url: 'https://example.com/',
    customHeaders: [{ name: 'X-Token', value: SecretString.of('open sesame') }],
    hmacSha256SigningSecret: SecretString.of('a'.repeat(32)),
  },
};

describe('a notification rule', () => {
  it('that the server told is one that it takes, secrets and all', () => {
    const draft = draftOf(served);
    expect(draft.targetConfiguration).toEqual({
      targetType: 'webhook',
      url: 'https://example.com/',
      customHeaders: [{ name: 'X-Token', value: 'open sesame' }],
      hmacSha256SigningSecret: 'a'.repeat(32),
    });
    expect(notificationRulesField.safeParse([draft]).success).toBe(true);
    expect(cleanRule(draft)).toEqual(draft);
  });

  it('has its headers as pairs in either form of the JSON', () => {
    const draft = draftOf(served);
    const customHeaders = { 'X-Token': 'open sesame' };
    expect(headerPairs(draft)).toEqual([['X-Token', 'open sesame']]);
    expect(headerPairs({ ...draft, targetConfiguration: { ...draft.targetConfiguration, customHeaders } })).toEqual([
      ['X-Token', 'open sesame'],
    ]);
    expect(cleanRule(withHeaders(draft, [['', '']])).targetConfiguration.customHeaders).toBeNull();
  });
});

it('takes either all events of a kind or single ones, as chosen last', () => {
  const single = ['b2:ObjectCreated:Upload', 'b2:ObjectDeleted:Delete'];
  expect(settledEventTypes(single, [...single, 'b2:ObjectCreated:*'])).toEqual([
    'b2:ObjectDeleted:Delete',
    'b2:ObjectCreated:*',
  ]);
  expect(settledEventTypes(['b2:ObjectCreated:*'], ['b2:ObjectCreated:*', 'b2:ObjectCreated:Copy'])).toEqual([
    'b2:ObjectCreated:Copy',
  ]);
  expect(settledEventTypes(single, ['b2:ObjectDeleted:Delete'])).toEqual(['b2:ObjectDeleted:Delete']);
});

it('makes secrets of 32 letters and digits that differ', () => {
  const make = () => makeSigningSecret((bytes) => crypto.getRandomValues(bytes));
  expect(make()).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(make()).not.toBe(make());
});
