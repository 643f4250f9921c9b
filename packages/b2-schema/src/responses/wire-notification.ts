import * as z from 'zod';
import { wireAccountId, wireBucketId, wireFileId } from '../values/wire-ids.ts';

/** One event in the body of a webhook request (B2 docs "Event Notifications Reference Guide"). */
export const wireNotificationEvent = z.object({
  accountId: wireAccountId,
  bucketId: wireBucketId,
  bucketName: z.string(),
  /** The same each time that the event is sent. */
  eventId: z.string(),
  /** Milliseconds since the epoch. */
  eventTimestamp: z.number(),
  eventType: z.string(),
  eventVersion: z.literal(1),
  matchedRuleName: z.string(),
  objectName: z.string().optional(),
  objectSize: z.number().optional(),
  objectVersionId: wireFileId.optional(),
});
/** The JSON of one event. */
export type WireNotificationEvent = z.input<typeof wireNotificationEvent>;

/** The body of a webhook request. */
export const wireNotification = z.object({ events: z.array(wireNotificationEvent) });

/**
 * Holds `v1=` and the HMAC-SHA256 of the body in hexadecimal, keyed with the signing secret; several, separated by
 * commas.
 */
export const notificationSignatureHeader = 'X-Bz-Event-Notification-Signature';
