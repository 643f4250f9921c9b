import { isB2ErrorCode } from '@coffer/b2-schema';
import { collect, fromWebStream } from '@coffer/bytes';
import { ClientError, type ClientErrorCode } from '../errors/client-error.ts';
import { redact } from './redact.ts';
import type { OutgoingRequest } from './request.ts';

/** An error's JSON is some hundred bytes long; a page of a proxy may be longer, and is of no use. */
const longestBody = 65_536;
const longestShown = 1000;

/** What the answer to a refused request says. */
export async function errorOfAnswer(response: Response, request: OutgoingRequest): Promise<ClientError> {
  const { status, headers } = response;
  const { code: serverCode, message = '' } = await readBody(response);
  const serverMessage = redact(message, request.secrets).slice(0, longestShown);
  const shown = serverMessage === '' ? `${request.operation} was answered with status ${status}` : serverMessage;
  return new ClientError(codeOf(status, serverCode), shown, {
    operation: request.operation,
    status,
    serverCode: serverCode === undefined ? undefined : redact(serverCode, request.secrets).slice(0, longestShown),
    serverMessage,
    requestId: headers.get('x-bz-request-id') ?? undefined,
    retryAfterSeconds: secondsOf(headers.get('retry-after')),
  });
}

async function readBody(response: Response): Promise<{ code?: string; message?: string }> {
  if (response.body === null) return {};
  try {
    const bytes = await collect(fromWebStream(response.body), longestBody);
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof json !== 'object' || json === null) return {};
    const { code, message } = json as Record<string, unknown>;
    return {
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    };
  } catch {
    // The status alone says what to do.
    return {};
  }
}

/** Codes for answers without one: to HEAD requests, and of proxies. */
const codesOfStatus: Readonly<Record<number, ClientErrorCode>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'access_denied',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  409: 'conflict',
  416: 'range_not_satisfiable',
  429: 'too_many_requests',
  503: 'service_unavailable',
};

function codeOf(status: number, serverCode: string | undefined): ClientErrorCode {
  if (serverCode !== undefined) return isB2ErrorCode(serverCode) ? serverCode : 'unknown_error';
  return codesOfStatus[status] ?? (status >= 500 ? 'internal_error' : 'unknown_error');
}

/** `Retry-After` of B2 is a number of seconds; a date, which HTTP allows as well, is not obeyed. */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
}
