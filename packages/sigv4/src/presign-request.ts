import type { HeaderPair } from './request/header-lines.ts';
import { headOf, splitTarget, type RawRequest } from './request/raw-request.ts';
import { invalidArgument } from './request/sigv4-error.ts';
import { encodeQueryText } from './request/uri-encoding.ts';
import { longestExpiry } from './schemes/presigned-parameters.ts';
import { printPayloadMode, unsignedPayload, type PayloadMode } from './signature/payload-mode.ts';
import { contextOf, namesToSign, requireUnsigned, signHead, type Signer } from './signer.ts';

export interface PresignOptions extends Signer {
  /** For how many seconds the request is valid: 1 to 604,800, a week. */
  readonly expiresIn: number;
  /** Not signed if left out, as whoever presigns does not have the body. Signed chunks cannot be presigned. */
  readonly payload?: PayloadMode;
}

/**
 * Signs a request in its query, and returns the target to send. Headers that are given are signed, and have to be sent;
 * `host` has to be among them.
 *
 * @throws SigV4Error `InvalidArgument` or `InvalidURI` for a request that cannot be signed so.
 *
 * @example
 * ```ts
 * const target = presignRequest(
 *   { method: 'GET', target: '/test.txt', headers: [['Host', 'examplebucket.s3.amazonaws.com']] },
 *   {
 *     accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
 *     secret: SecretString.of('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
 *     region: 'us-east-1',
 *     expiresIn: 86_400,
 *     now: Date.UTC(2013, 4, 24),
 *   },
 * );
 * assert(target.endsWith('&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'));
 * ```
 */
export function presignRequest(request: RawRequest, options: PresignOptions): string {
  const { expiresIn, payload = { kind: 'unsigned' } } = options;
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > longestExpiry)
    throw invalidArgument(`A presigned request is valid for 1 to ${longestExpiry} whole seconds.`, 'X-Amz-Expires');
  if (payload.kind === 'aws-chunked' && payload.signed)
    throw invalidArgument('Signed chunks cannot be presigned.', 'X-Amz-Content-Sha256');
  const given = headOf(request);
  requireUnsigned(given);
  const signedHeaders = namesToSign(given);
  const payloadHash = printPayloadMode(payload);
  const context = contextOf(options);
  const target = withParameters(request.target, [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', context.credential],
    ['X-Amz-Date', context.timestamp],
    ['X-Amz-Expires', String(expiresIn)],
    ['X-Amz-SignedHeaders', signedHeaders.join(';')],
    ...(payloadHash === unsignedPayload ? [] : [['X-Amz-Content-Sha256', payloadHash] as const]),
  ]);
  const head = { ...given, ...splitTarget(target) };
  return signHead(head, { signedHeaders, payloadHash }, context, options.secret, (signature) =>
    withParameters(target, [['X-Amz-Signature', signature]]),
  );
}

function withParameters(target: string, parameters: readonly HeaderPair[]): string {
  const added = parameters.map(([name, value]) => `${name}=${encodeQueryText(value)}`).join('&');
  return `${target}${target.includes('?') ? '&' : '?'}${added}`;
}
