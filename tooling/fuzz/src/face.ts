import type { RawAnswer, RawRequest } from './raw-http.ts';
import { s3Fault } from './s3/fault.ts';

/** What is wrong with an answer, whatever was asked; undefined if nothing is. */
export function faultOf(request: RawRequest, answer: RawAnswer): string | undefined {
  const { status, head } = answer;
  if (status === 0) return isOneMessage(request) ? 'closed the connection without an answer' : undefined;
  if (status >= 400 && request.method !== 'HEAD' && !/^date: /im.test(head)) return 'answered without a date';
  return isOfS3(head) ? s3Fault(request, answer) : b2Fault(request, answer);
}

const isOfS3 = (head: string): boolean => /^x-amz-request-id: /im.test(head);

function b2Fault(request: RawRequest, { status, body }: RawAnswer): string | undefined {
  if (status >= 500) return `answered ${status}`;
  if (status < 400 || request.method === 'HEAD') return undefined;
  // Node itself answers bytes that are not HTTP, with an empty body.
  if (body === '') return undefined;
  return isB2Error(body, status) ? undefined : 'answered with an error that is not one of B2';
}

/**
 * Whether the bytes are exactly one HTTP message. If other bytes follow a complete message, Node just closes the
 * connection.
 */
function isOneMessage({ headers, body }: RawRequest): boolean {
  if (headers.some(([name]) => name === 'Transfer-Encoding')) return true;
  const lengths = headers.filter(([name]) => name === 'Content-Length').map(([, value]) => value);
  return lengths.length === 0 ? body === '' : lengths.every((length) => length === String(body.length));
}

function isB2Error(body: string, status: number): boolean {
  try {
    const error = JSON.parse(body) as Record<string, unknown>;
    return error['status'] === status && typeof error['code'] === 'string' && typeof error['message'] === 'string';
  } catch {
    return false;
  }
}
