import { corsRulesField, notificationRulesField } from '@coffer/b2-schema';
import { expect, it } from 'vitest';
import { printDraft, readDraft } from './json-draft.ts';

const rule = {
  name: 'some-rule',
  eventTypes: ['b2:ObjectCreated:*'],
  isEnabled: true,
  isSuspended: false,
  suspensionReason: '',
  maxEventsPerBatch: 1,
  objectNamePrefix: 'a/\u202e',
  targetConfiguration: {
    targetType: 'webhook',
    url: 'https://example.com/',
    customHeaders: null,
    hmacSha256SigningSecret: 'a'.repeat(32),
  },
};

it('loses nothing between a setting and its text', () => {
  expect(readDraft(notificationRulesField, printDraft([rule]))).toEqual({ ok: true, value: [rule] });
});

it('says what is wrong, and where', () => {
  const broken = readDraft(corsRulesField, '[');
  expect(broken.ok ? '' : broken.text).toMatch(/^This is not JSON/);
  expect(readDraft(corsRulesField, '{}')).toEqual({ ok: false, text: 'This must be a list.' });
  expect(readDraft(notificationRulesField, printDraft([rule, { ...rule, nonsense: 1 }]))).toEqual({
    ok: false,
    text: '[1]: There is no such member here: nonsense.',
  });
});
