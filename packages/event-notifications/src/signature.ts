import { createHmac } from 'node:crypto';
import type { SecretString } from '@coffer/bytes';

/**
 * The value of `X-Bz-Event-Notification-Signature`: `v1=` and the HMAC-SHA256 of the body, keyed with the secret's
 * text, in lower-case hexadecimal (B2 docs "Event Notifications Reference Guide").
 *
 * @example
 * ```ts
 * const body = new TextEncoder().encode('{"events":[]}');
 * assert.match(signatureOf(SecretString.of('MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0'), body), /^v1=[0-9a-f]{64}$/);
 * ```
 */
export function signatureOf(secret: SecretString, body: Uint8Array): string {
  return `v1=${secret.exposeBytes((key) => createHmac('sha256', key).update(body).digest('hex'))}`;
}
