import type { SecretBytes } from '@coffer/bytes';
import { hashing } from '#hashing';
import { printScope, signatureWith, type CredentialScope } from './signing-key.ts';

/** The signature with which a chain begins, and what it was made with. */
export interface ChainStart {
  readonly timestamp: string;
  readonly scope: CredentialScope;
  /** The signature of the request's head. */
  readonly seed: string;
}

/** The SHA-256 of nothing. */
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * The chain of signatures of an aws-chunked body, each over the one before it ("Signature Calculations for the
 * Authorization Header: Transferring Payload in Multiple Chunks", Amazon S3 API Reference). Holds a signing key:
 * {@link ChunkSignatures.wipe} when the body is done, or given up. Whoever decodes a body to its end need not.
 */
export class ChunkSignatures {
  readonly #key: SecretBytes;
  readonly #timeAndScope: string;
  #previous: string;

  /** Takes over `key`. */
  constructor(key: SecretBytes, { timestamp, scope, seed }: ChainStart) {
    this.#key = key;
    this.#timeAndScope = `${timestamp}\n${printScope(scope)}`;
    this.#previous = seed;
  }

  /** The signature of the next chunk, the last and empty one included, from the SHA-256 of its data. */
  next(sha256Hex: string): string {
    return this.#sign('PAYLOAD', `${emptyHash}\n${sha256Hex}`);
  }

  /** The signature of the trailers: each a `name:value\n`, in the order in which they are sent. */
  trailer(lines: string): string {
    return this.#sign('TRAILER', hashing.sha256Hex(lines));
  }

  /** Zeroes the key. Idempotent; afterwards nothing can be signed. */
  wipe(): void {
    this.#key.wipe();
  }

  #sign(kind: 'PAYLOAD' | 'TRAILER', hashes: string): string {
    const text = `AWS4-HMAC-SHA256-${kind}\n${this.#timeAndScope}\n${this.#previous}\n${hashes}`;
    this.#previous = signatureWith(this.#key, text);
    return this.#previous;
  }
}
