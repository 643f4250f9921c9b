import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import { mayAnswer } from '../values/error-codes.ts';
import { bucketIdField } from '../values/fields.ts';
import { wireNotificationRules } from '../settings/notification-rule.ts';

/** B2 docs `b2_get_bucket_notification_rules`. */
export const getBucketNotificationRules = {
  name: 'b2_get_bucket_notification_rules',
  requestType: 'GetBucketNotificationRulesRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'account', capability: 'readBucketNotifications' },
  scope: { on: 'rules', bucket: 'bucketId' },
  request: z.strictObject({ bucketId: bucketIdField }),
  response: wireNotificationRules,
  errors: mayAnswer('bad_bucket_id'),
} as const satisfies JsonRow;
