import type { HttpHandler } from './http-response.ts';
import { splitTarget } from './request-target.ts';

/**
 * Puts a handler below a path, such as `/coffer`: it sees targets without the prefix. Targets outside of the prefix are
 * answered with 404.
 *
 * @throws RangeError unless the prefix begins with a slash and ends without one.
 * @example
 * ```ts
 * const handler = underPrefix('/coffer', async ({ target }) => ({ status: 200, headers: [['X-Seen', target]] }));
 * const { headers } = await handler(testRequest({ target: '/coffer/a?b' }));
 * assert.deepEqual(headers, [['X-Seen', '/a?b']]);
 * ```
 */
export function underPrefix(prefix: string, handler: HttpHandler): HttpHandler {
  if (!/^\/.*[^/]$/.test(prefix)) throw new RangeError(`A prefix is a path such as /coffer, not ${prefix}`);
  return (request) => {
    const { path, query } = splitTarget(request.target);
    if (path !== prefix && !path.startsWith(`${prefix}/`)) return Promise.resolve({ status: 404, headers: [] });
    const rest = path.slice(prefix.length);
    const target = `${rest === '' ? '/' : rest}${query === undefined ? '' : `?${query}`}`;
    return handler({ ...request, target });
  };
}
