export type { HeaderPair } from './request/header-lines.ts';
export type { RawRequest } from './request/raw-request.ts';
export { SigV4Error, sigV4ErrorStatus, type SigV4ErrorCode, type SigV4ErrorDetails } from './request/sigv4-error.ts';
export { authenticationScheme, type AuthenticationScheme } from './schemes/authentication-scheme.ts';
export { canonicalRequest, stringToSign, type SignedParts } from './signature/canonical-request.ts';
export { deriveSigningKey, signatureWith, type CredentialScope } from './signature/signing-key.ts';
export { parsePayloadMode, printPayloadMode, type PayloadMode } from './signature/payload-mode.ts';
export type { ChunkSignatures, ChainStart } from './signature/chunk-signatures.ts';
export type { FormField } from './schemes/policy-fields.ts';
export { createVerifier, type Verifier, type VerifierOptions } from './create-verifier.ts';
export type {
  AnonymousRequest,
  SignedForm,
  SignedRequest,
  SigningSecret,
  VerifiedPayload,
} from './verified-request.ts';
export { openPayload, type OpenedPayload } from './open-payload.ts';
export type { Signer } from './signer.ts';
export { signRequest, type Signature, type SignOptions } from './sign-request.ts';
export { presignRequest, type PresignOptions } from './presign-request.ts';
export { sha256Hex } from './sha256-hex.ts';
export { parseChunkedHeaders, withoutAwsChunked, type ChunkedHeaders } from './chunked/chunked-headers.ts';
export { decodeAwsChunked, type DecodedBody } from './chunked/decode-aws-chunked.ts';
export type { ChunkedBody } from './chunked/chunk-parser.ts';
export { awsChunkedLength, encodeAwsChunked, type EncodeOptions, type Framing } from './chunked/encode-aws-chunked.ts';
