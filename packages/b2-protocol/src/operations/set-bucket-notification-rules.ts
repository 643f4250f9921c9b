import { defaultEventsPerBatch, type NotificationRule, type NotificationTarget } from '@coffer/b2-schema';
import type { NotificationRuleSettings } from '@coffer/storage-core';
import { badRequest } from '../errors/b2-error.ts';
import { notificationRulesView, wipeTargets } from '../views/notification-rule-view.ts';
import type { JsonHandler } from './handler.ts';

export const setBucketNotificationRules: JsonHandler<'b2_set_bucket_notification_rules'> = async (input, call) => {
  const { bucketId } = input;
  const rules = input.eventNotificationRules.map(settingsOf);
  try {
    if (call.options.allowHttpWebhooks !== true && rules.some(({ target }) => !/^https:/i.test(target.url)))
      throw badRequest('The URL of a webhook must be an absolute https URL');
    return notificationRulesView(
      bucketId,
      await call.storage.notifications.setRules(bucketId, rules, call.grant.namePrefix),
    );
  } finally {
    wipeTargets(rules);
  }
};

function settingsOf(rule: NotificationRule): NotificationRuleSettings {
  const { name, eventTypes, objectNamePrefix, isEnabled, maxEventsPerBatch, targetConfiguration } = rule;
  return {
    name,
    eventTypes,
    objectNamePrefix,
    isEnabled,
    maxEventsPerBatch: maxEventsPerBatch ?? defaultEventsPerBatch,
    target: targetOf(targetConfiguration),
  };
}

function targetOf({
  url,
  customHeaders,
  hmacSha256SigningSecret,
}: NotificationTarget): NotificationRuleSettings['target'] {
  return { url, customHeaders: customHeaders ?? null, signingSecret: hmacSha256SigningSecret ?? null };
}
