import { isToken, requireFieldValue, trimmed, type HeaderPair } from '../request/header-lines.ts';
import type { RequestHead } from '../request/raw-request.ts';
import { SigV4Error, invalidArgument } from '../request/sigv4-error.ts';
import { decodeQueryText } from '../request/uri-encoding.ts';
import type { SignatureClaim } from './signature-claim.ts';

/** What authenticates the request is no header of it. */
const authentication = ['algorithm', 'credential', 'date', 'expires', 'signedheaders', 'signature', 'security-token']
  .concat('content-sha256')
  .map((name) => `x-amz-${name}`);

/**
 * Checksums in the query are ignored: the AWS SDK for JavaScript presigns uploads with the checksum of an empty body,
 * before there is a body to upload.
 */
const checksum = /^x-amz-(?:checksum-|sdk-checksum-algorithm$)/;

/**
 * The `x-amz-*` parameters of a presigned request that act as headers, such as `x-amz-acl`: names in lower case, values
 * decoded, one byte per code unit.
 *
 * @throws SigV4Error `SignatureDoesNotMatch` if the request has a header of that name too, `InvalidArgument` for a name
 * or a value that no header can have.
 */
export function headersInQuery({ parameters, headers }: RequestHead, claim: SignatureClaim): HeaderPair[] {
  const lines = parameters
    .map(({ name, rawValue }) => ({ name: name.toLowerCase(), rawValue }))
    .filter(({ name }) => name.startsWith('x-amz-') && !authentication.includes(name) && !checksum.test(name));
  return lines.map(({ name, rawValue }) => {
    if (!isToken(name)) throw invalidArgument('A query parameter has a name that no header may have.', 'x-amz-');
    if (headers.has(name))
      throw new SigV4Error(
        'SignatureDoesNotMatch',
        'The request has a header and a query parameter of the same name.',
        { AWSAccessKeyId: claim.accessKeyId, SignatureProvided: claim.signature },
      );
    const value = trimmed(decodeQueryText(rawValue));
    requireFieldValue(name, value);
    return [name, value] as const;
  });
}
