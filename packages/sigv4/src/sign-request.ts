import { SecretBytes } from '@coffer/bytes';
import type { HeaderPair } from './request/header-lines.ts';
import { headOf, type RawRequest } from './request/raw-request.ts';
import { ChunkSignatures } from './signature/chunk-signatures.ts';
import { printPayloadMode, type PayloadMode } from './signature/payload-mode.ts';
import { contextOf, namesToSign, requireUnsigned, signHead, type Signer } from './signer.ts';

export interface SignOptions extends Signer {
  readonly payload: PayloadMode;
}

/** What signing adds to a request. */
export interface Signature {
  /** Three headers to send beside those that were signed. */
  readonly headers: readonly HeaderPair[];
  /** The signature alone, in lower-case hexadecimal. */
  readonly signature: string;
  /** For `encodeAwsChunked`, if the payload is in chunks that are signed. Wipe it if the body is never encoded. */
  readonly signatures: ChunkSignatures | undefined;
}

/**
 * Signs a request in its `Authorization` header. All headers that are given are signed, and `host` has to be among
 * them, also where a browser adds it by itself: leave out those that may still change. The target is given as it will
 * be sent.
 *
 * @throws SigV4Error `InvalidArgument` or `InvalidURI` for a request that cannot be signed.
 *
 * @example
 * ```ts
 * const request = {
 *   method: 'GET',
 *   target: '/test.txt',
 *   headers: [
 *     ['Host', 'examplebucket.s3.amazonaws.com'],
 *     ['Range', 'bytes=0-9'],
 *   ],
 * };
 * const { headers } = signRequest(request, {
 *   accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
 *   secret: SecretString.of('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
 *   region: 'us-east-1',
 *   payload: { kind: 'sha256', sha256: sha256Hex('') },
 *   now: Date.UTC(2013, 4, 24),
 * });
 * const { authorization } = Object.fromEntries(headers);
 * assert(authorization.endsWith('=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'));
 * ```
 */
export function signRequest(request: RawRequest, options: SignOptions): Signature {
  const context = contextOf(options);
  const { timestamp, scope, credential } = context;
  const payloadHash = printPayloadMode(options.payload);
  const added: HeaderPair[] = [
    ['x-amz-date', timestamp],
    ['x-amz-content-sha256', payloadHash],
  ];
  const given = [...request.headers];
  requireUnsigned(headOf({ ...request, headers: given }));
  const head = headOf({ ...request, headers: [...given, ...added] });
  const signedHeaders = namesToSign(head);
  return signHead(head, { signedHeaders, payloadHash }, context, options.secret, (signature, key) => {
    const authorization =
      `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, ` +
      `Signature=${signature}`;
    const start = { timestamp, scope, seed: signature };
    const isChain = options.payload.kind === 'aws-chunked' && options.payload.signed;
    return {
      headers: [...added, ['authorization', authorization]],
      signature,
      signatures: isChain
        ? new ChunkSignatures(
            key.expose((bytes) => SecretBytes.copyOf(bytes)),
            start,
          )
        : undefined,
    };
  });
}
