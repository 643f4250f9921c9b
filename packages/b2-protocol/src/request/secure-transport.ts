import type { HttpPeer } from '@coffer/http';
import { SseViolationError, type EncryptionRequest } from '@coffer/sse-schema';
import type { B2Options } from '../options.ts';

/**
 * Refuses a request with a customer key that came over a connection which others can read. By then somebody may already
 * have read the key; the refusal keeps clients from going on like this.
 *
 * @throws SseViolationError `insecure_transport`.
 */
export function checkTransport(options: B2Options, peer: HttpPeer, input: object): void {
  if (peer.secure || peer.loopback || options.allowInsecureCustomerKeys === true) return;
  if (Object.values(input).some(isCustomerSetting)) throw new SseViolationError('insecure_transport');
}

function isCustomerSetting(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as Partial<EncryptionRequest>).mode === 'SSE-C';
}
