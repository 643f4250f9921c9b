import * as z from 'zod';
import { booleanField, namePrefixField } from '../values/fields.ts';
import { maxEventsPerBatch, maxNotificationRules } from '../values/limits.ts';
import { eventTypesCovered, eventTypesProblem, notificationEventTypes } from './notification-event-type.ts';
import { notificationTarget, wireNotificationTarget } from './notification-target.ts';
import { ruleNameProblem } from '../values/rule-name.ts';
import { rule } from '../values/rule.ts';
import { wireBucketId } from '../values/wire-ids.ts';

/**
 * Twice the number of types, so that a rule that repeats types gets the error for overlapping types instead of one
 * about the length.
 */
const maxEventTypes = 2 * notificationEventTypes.length;

/** One rule in the JSON of a request. Members that only a response has may be sent back; they are ignored. */
export const notificationRule = z.strictObject({
  name: z.string().check(rule(ruleNameProblem)),
  eventTypes: z.array(z.string()).max(maxEventTypes).check(rule(eventTypesProblem)),
  isEnabled: booleanField,
  objectNamePrefix: namePrefixField,
  maxEventsPerBatch: z.int().min(1).max(maxEventsPerBatch).nullish(),
  targetConfiguration: notificationTarget,
  isSuspended: z.unknown().optional(),
  suspensionReason: z.unknown().optional(),
});
/** An event notification rule, except for its place among the others of its bucket. */
export type NotificationRule = z.output<typeof notificationRule>;

function rulesProblem(rules: readonly NotificationRule[]): string | undefined {
  if (new Set(rules.map(({ name }) => name)).size < rules.length)
    return 'The names of event notification rules must be unique in a bucket';
  return rules.some((one, index) => rules.slice(index + 1).some((other) => overlap(one, other)))
    ? 'The prefixes of event notification rules for the same event type must not overlap'
    : undefined;
}

function overlap(one: NotificationRule, other: NotificationRule): boolean {
  const [a, b] = [one.objectNamePrefix, other.objectNamePrefix];
  if (!a.startsWith(b) && !b.startsWith(a)) return false;
  const covered = new Set(eventTypesCovered(one.eventTypes));
  return eventTypesCovered(other.eventTypes).some((eventType) => covered.has(eventType));
}

/** `eventNotificationRules` in the JSON of a request (B2 docs `b2_set_bucket_notification_rules`). */
export const notificationRulesField = z
  .array(notificationRule)
  .max(maxNotificationRules, {
    error: `A bucket must have no more than ${maxNotificationRules} event notification rules`,
  })
  .check(rule(rulesProblem));

/** A rule in a response. */
export const wireNotificationRule = z.object({
  name: z.string(),
  eventTypes: z.array(z.string()),
  isEnabled: z.boolean(),
  isSuspended: z.boolean(),
  objectNamePrefix: z.string(),
  maxEventsPerBatch: z.int(),
  /** Empty unless suspended. */
  suspensionReason: z.string(),
  targetConfiguration: wireNotificationTarget,
});
/** The JSON of a rule in a response. */
export type WireNotificationRule = z.input<typeof wireNotificationRule>;

/** The response of both operations: the rules sorted by name. */
export const wireNotificationRules = z.object({
  bucketId: wireBucketId,
  eventNotificationRules: z.array(wireNotificationRule),
});
