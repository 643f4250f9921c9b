import type { HeaderList } from '@coffer/http';
import { badRequest } from '../errors/b2-error.ts';

/**
 * The value of the request's `Authorization` header. Several are refused, because a proxy in front might use one of
 * them and this server another.
 *
 * @throws B2Error `bad_request` if there are several.
 */
export function authorizationHeader(headers: HeaderList): string | undefined {
  const values = headers.getAll('authorization');
  if (values.length > 1) throw badRequest('Header Authorization must be given once');
  return values[0];
}
