import { notificationRulesView, wipeTargets } from '../views/notification-rule-view.ts';
import type { JsonHandler } from './handler.ts';

export const getBucketNotificationRules: JsonHandler<'b2_get_bucket_notification_rules'> = async (
  { bucketId },
  { grant, storage },
) => {
  const rules = await storage.notifications.getRules(bucketId, grant.namePrefix);
  try {
    return notificationRulesView(bucketId, rules);
  } finally {
    wipeTargets(rules);
  }
};
