import type { HttpRequest } from '@coffer/http';
import type { B2Options } from '../options.ts';
import { asksFor, happens } from './requested-faults.ts';

/** Long enough to be used once or twice, so that a client which authorises again gets on. */
const shortLifetimeSeconds = 5;
const shareOfSome = 1 / 2;

/** How long an account token lives where test mode shortens it: some do when the request asks for it. */
export function tokenLifetime(options: B2Options, request: HttpRequest): { readonly lifetimeSeconds?: number } {
  const isShort =
    asksFor(options, request, 'expire_some_account_authorization_tokens') && happens(shareOfSome, options.random);
  return isShort ? { lifetimeSeconds: shortLifetimeSeconds } : {};
}
