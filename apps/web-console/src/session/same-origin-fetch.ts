import type { Fetch } from '@coffer/client';

/**
 * Sends every request to the server that the page came from, whatever address the server tells its clients to use: that
 * listener answers the whole API, and the page may speak to no other.
 */
export function sameOriginFetch(origin: string, send: Fetch = (url, init) => fetch(url, init)): Fetch {
  return (url, init) => {
    const { pathname, search } = new URL(url);
    return send(`${origin}${pathname}${search}`, init);
  };
}
