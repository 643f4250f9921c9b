import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { bucketIdField } from '../values/fields.ts';
import { notificationRulesField, wireNotificationRules } from '../settings/notification-rule.ts';

/** B2 docs `b2_set_bucket_notification_rules`. The rules replace all that the bucket had. */
export const setBucketNotificationRules = {
  name: 'b2_set_bucket_notification_rules',
  requestType: 'SetBucketNotificationRulesRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'writeBucketNotifications' },
  scope: { on: 'rules', bucket: 'bucketId' },
  request: z.strictObject({ bucketId: bucketIdField, eventNotificationRules: notificationRulesField }),
  response: wireNotificationRules,
  errors: mayAnswer(
    'bad_bucket_id',
    'event_types_empty',
    'event_type_invalid',
    'event_type_categories',
    'event_type_overlap',
    'storage_cap_exceeded',
  ),
} as const satisfies JsonRow;
