import type { HttpRequest } from '@coffer/http';
import type { B2Options } from '../options.ts';
import { asksFor, happens } from './requested-faults.ts';

/** Long enough to be used once or twice, so that a client which authorises again gets on. */
const shortLifetimeSeconds = 5;
const shareOfSome = 1 / 2;

/**
 * The lifetime of an account token, if test mode shortens it: when a request asks for that, some tokens live shorter.
 */
export function tokenLifetime(options: B2Options, request: HttpRequest): { readonly lifetimeSeconds?: number } {
  const isShort =
    asksFor(options, request, 'expire_some_account_authorization_tokens') && happens(shareOfSome, options.random);
  return isShort ? { lifetimeSeconds: shortLifetimeSeconds } : {};
}
