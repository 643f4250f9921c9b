import { notificationSignatureHeader, printJson, type WireNotificationEvent } from '@coffer/b2-schema';
import type { NotificationClaim, NotificationTarget, PendingNotification } from '@coffer/storage-core';
import type { Webhook } from './send-webhook.ts';
import { signatureOf } from './signature.ts';

const userAgent = 'Coffer-Event-Notifications';

/** The request that brings events to a rule's receiver, signed if the rule has a secret. */
export function webhookOf(claim: NotificationClaim, events: readonly PendingNotification[]): Webhook {
  const text = printJson({ events: events.map((pending) => eventOf(claim, pending)) });
  const body = new TextEncoder().encode(text);
  return { url: claim.target.url, headers: headersOf(claim.target, body), body };
}

function eventOf(claim: NotificationClaim, { event }: PendingNotification): WireNotificationEvent {
  return {
    accountId: claim.accountId,
    bucketId: claim.bucketId,
    bucketName: claim.bucketName,
    eventVersion: 1,
    matchedRuleName: claim.ruleName,
    ...event,
  };
}

function headersOf({ customHeaders, signingSecret }: NotificationTarget, body: Uint8Array): Record<string, string> {
  const custom = (customHeaders ?? []).map(({ name, value }) => [name, value.expose((text) => text)] as const);
  return {
    'User-Agent': userAgent,
    ...Object.fromEntries(custom),
    'Content-Type': 'application/json',
    ...(signingSecret && { [notificationSignatureHeader]: signatureOf(signingSecret, body) }),
  };
}
