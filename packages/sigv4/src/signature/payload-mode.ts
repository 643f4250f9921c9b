import { SigV4Error, invalidArgument } from '../request/sigv4-error.ts';

/**
 * What `x-amz-content-sha256` says of a body ("Authenticating Requests: Using the Authorization Header", Amazon S3 API
 * Reference):
 *
 * - `sha256`: the body is raw and has that SHA-256, in lower-case hexadecimal;
 * - `unsigned`: the body is raw and not signed;
 * - `aws-chunked`: the body is framed in chunks, which are signed or not, and trailers may follow.
 */
export type PayloadMode =
  | { readonly kind: 'sha256'; readonly sha256: string }
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'aws-chunked'; readonly signed: boolean; readonly trailer: boolean };

/** A body that is not signed. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD';

const chunkedModes: Readonly<Record<string, PayloadMode>> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { kind: 'aws-chunked', signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { kind: 'aws-chunked', signed: true, trailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { kind: 'aws-chunked', signed: false, trailer: true },
};
const asymmetricModes = /^STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD(?:-TRAILER)?$/;
const header = 'x-amz-content-sha256';

/**
 * Reads the value of `x-amz-content-sha256`.
 *
 * @throws SigV4Error `NotImplemented` for the asymmetric signatures of Version 4A, `InvalidArgument` for a value that
 * does not exist.
 */
export function parsePayloadMode(value: string): PayloadMode {
  if (value === unsignedPayload) return { kind: 'unsigned' };
  if (/^[0-9a-f]{64}$/i.test(value)) return { kind: 'sha256', sha256: value.toLowerCase() };
  const chunked = Object.hasOwn(chunkedModes, value) ? chunkedModes[value] : undefined;
  if (chunked !== undefined) return chunked;
  if (asymmetricModes.test(value)) throw asymmetricNotImplemented();
  throw invalidArgument(`${header} must be UNSIGNED-PAYLOAD, STREAMING-… or a valid sha256 value.`, header);
}

/**
 * The value of `x-amz-content-sha256` for a mode.
 *
 * @throws SigV4Error `InvalidArgument` for a mode that does not exist.
 */
export function printPayloadMode(mode: PayloadMode): string {
  if (mode.kind === 'unsigned') return unsignedPayload;
  if (mode.kind === 'sha256') {
    if (/^[0-9a-f]{64}$/.test(mode.sha256)) return mode.sha256;
    throw invalidArgument('A SHA-256 is 64 digits of lower-case hexadecimal.', header);
  }
  if (mode.signed) return `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${mode.trailer ? '-TRAILER' : ''}`;
  if (mode.trailer) return 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  throw invalidArgument('Chunks that are not signed have a trailer.', header);
}

/** The refusal of Signature Version 4A. */
export function asymmetricNotImplemented(): SigV4Error {
  return new SigV4Error('NotImplemented', 'Signatures of AWS4-ECDSA-P256-SHA256 are not implemented.');
}
