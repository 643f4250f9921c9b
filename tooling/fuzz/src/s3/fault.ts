import { isS3ErrorCode } from '@coffer/s3-schema';
import { parseXml } from '@coffer/xml';
import type { RawAnswer, RawRequest } from '../raw-http.ts';

/** Bytes of the largest error that is looked at. */
const maxBytes = 100_000;
/** The one answer above 500 that is meant: to an operation that is known and not performed. */
const notImplemented = 501;

/** What is wrong with an answer of S3, whatever was asked; undefined if nothing is. */
export function s3Fault(request: RawRequest, { status, head, body }: RawAnswer): string | undefined {
  if (status >= 500 && status !== notImplemented) return `answered ${status}`;
  if (status < 400 || request.method === 'HEAD') return undefined;
  // Node itself answers bytes that are not HTTP, with an empty body.
  if (body === '' && status !== notImplemented) return undefined;
  if (!/^x-amz-request-id: [0-9A-F]{16}$/im.test(head)) return 'answered without the id of the request';
  return isError(body) ? undefined : 'answered with an error that is not one of S3';
}

function isError(body: string): boolean {
  try {
    const { name, children } = parseXml(Buffer.from(body, 'latin1'), { maxBytes });
    const textOf = (child: string): string | undefined => children.find((one) => one.name === child)?.text;
    return name === 'Error' && isS3ErrorCode(textOf('Code') ?? '') && textOf('Message') !== undefined;
  } catch {
    return false;
  }
}
