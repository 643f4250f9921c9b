import type { ResponseOf, WireNotificationRule } from '@coffer/b2-schema';
import type { NotificationRule, NotificationRuleSettings, NotificationTarget } from '@coffer/storage-core';

/**
 * The response of both operations on notification rules. The service shows a webhook's secrets to whoever may read the
 * rules.
 */
export function notificationRulesView(
  bucketId: string,
  rules: readonly NotificationRule[],
): ResponseOf<'b2_get_bucket_notification_rules'> {
  return { bucketId, eventNotificationRules: rules.map(ruleView) };
}

/** Zeroes the secrets of webhooks, when a request is done. */
export function wipeTargets(rules: readonly NotificationRuleSettings[]): void {
  for (const { target } of rules) {
    target.signingSecret?.wipe();
    for (const { value } of target.customHeaders ?? []) value.wipe();
  }
}

function ruleView(rule: NotificationRule): WireNotificationRule {
  return {
    name: rule.name,
    eventTypes: [...rule.eventTypes],
    isEnabled: rule.isEnabled,
    isSuspended: rule.suspension !== null,
    objectNamePrefix: rule.objectNamePrefix,
    maxEventsPerBatch: rule.maxEventsPerBatch,
    suspensionReason: rule.suspension?.reason ?? '',
    targetConfiguration: targetView(rule.target),
  };
}

function targetView({
  url,
  customHeaders,
  signingSecret,
}: NotificationTarget): WireNotificationRule['targetConfiguration'] {
  return {
    targetType: 'webhook',
    url,
    customHeaders: customHeaders && customHeaders.map(({ name, value }) => ({ name, value: value.expose(same) })),
    hmacSha256SigningSecret: signingSecret && signingSecret.expose(same),
  };
}

const same = (text: string): string => text;
