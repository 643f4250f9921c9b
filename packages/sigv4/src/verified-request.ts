import type { SecretString } from '@coffer/bytes';
import type { HeaderPair } from './request/header-lines.ts';
import type { ChunkSignatures } from './signature/chunk-signatures.ts';
import type { PayloadMode } from './signature/payload-mode.ts';

/** The secret of a key id, as the one who keeps it gives it out. */
export interface SigningSecret {
  /**
   * Changes whenever the secret of this key id does, such as a record's version or a fingerprint. A signing key that
   * was cached under another version is not used.
   */
  readonly version: string;
  /**
   * The secret itself, asked for only when no signing key of it is cached. The verifier wipes what it gets: give it a
   * secret of its own.
   */
  readonly openSecret: () => SecretString | Promise<SecretString>;
}

/** The body of a verified request; what came in chunks that are signed brings the chain of their signatures. */
export type VerifiedPayload =
  | Exclude<PayloadMode, { readonly kind: 'aws-chunked' }>
  | {
      readonly kind: 'aws-chunked';
      readonly trailer: boolean;
      /** Undefined for chunks that are not signed. Wiped when the body was decoded; wipe it if that never begins. */
      readonly signatures: ChunkSignatures | undefined;
    };

/** A request whose signature is right. */
export interface SignedRequest<Secret extends SigningSecret = SigningSecret> {
  readonly kind: 'header' | 'presigned';
  readonly accessKeyId: string;
  /** What the look-up answered. */
  readonly secret: Secret;
  readonly region: string;
  /**
   * All header field lines as received; of a presigned request, followed by the `x-amz-*` parameters of the query that
   * act as headers.
   */
  readonly headers: readonly HeaderPair[];
  readonly payload: VerifiedPayload;
}

/** A browser's form whose policy is signed rightly. */
export interface SignedForm<Secret extends SigningSecret = SigningSecret> {
  readonly kind: 'form';
  readonly accessKeyId: string;
  /** What the look-up answered. */
  readonly secret: Secret;
  readonly region: string;
}

/** A request that names nobody. Whether it is allowed is for the caller to decide. */
export interface AnonymousRequest {
  readonly kind: 'anonymous';
  readonly headers: readonly HeaderPair[];
}
