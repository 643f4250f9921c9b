import { constantTimeEqual, encodeHex } from '@coffer/bytes';
import type { RunningChecksum } from '@coffer/checksums';
import type { ChecksumAlgorithm, StoredSha1 } from '@coffer/storage-ports';
import type { StreamDigests } from '../core/digests.ts';
import { failures } from '../core/failures.ts';
import type { ContentSha1, FurtherClaim } from '../services/storage.ts';
import { trailingSha1Length } from './trailing-sha1.ts';

export interface DigestClaims {
  readonly sha1: ContentSha1;
  /** 16 bytes, compared if given. */
  readonly md5?: Uint8Array;
  readonly further?: FurtherClaim;
}

/** The digests of data that was read to its end. */
export interface DigestResult {
  /** Bytes of data. */
  readonly size: number;
  readonly sha1: StoredSha1;
  /** The SHA-1 that the server computed, whatever was claimed: 20 bytes; empty if it was neither wanted nor needed. */
  readonly computedSha1: Uint8Array;
  readonly md5: string | null;
  /** As computed; null if none was asked for. */
  readonly further: { readonly algorithm: ChecksumAlgorithm; readonly value: Uint8Array } | null;
}

/** Digests data in passing and compares it with what its sender claimed. */
export class PlaintextDigest {
  readonly #claims: DigestClaims;
  readonly #digests: StreamDigests;
  readonly #further: RunningChecksum | null;
  readonly #trailer: Uint8Array;
  #offset = 0;
  #size = 0;
  #atWork: Promise<void> | undefined;
  #result: DigestResult | undefined;

  /** `digests`: MD5, and SHA-1 where it is needed; `further`: begun as `claims` ask for it. */
  constructor(claims: DigestClaims, digests: StreamDigests, further: RunningChecksum | null) {
    this.#claims = claims;
    this.#digests = digests;
    this.#further = further;
    this.#trailer = new Uint8Array(claims.sha1.kind === 'atEnd' ? trailingSha1Length : 0);
  }

  /** Bytes behind the data that are not data. */
  get trailerLength(): number {
    return this.#trailer.length;
  }

  /**
   * Digests the part of the next piece that is data, and returns it. Bytes behind the `length` bytes of data (Infinity:
   * all are data) go into the trailer, in which they must fit. The piece must stay as it is until `settled` has
   * resolved, and before that nothing else may be called.
   */
  take(piece: Uint8Array, length: number): Uint8Array {
    const data = piece.subarray(0, Math.max(0, length - this.#offset));
    this.#trailer.set(piece.subarray(data.length), Math.max(0, this.#offset - length));
    this.#offset += piece.length;
    this.#size += data.length;
    this.#atWork = this.#digests.update(data);
    // Not an unhandled rejection where the stream is left before somebody waits.
    this.#atWork?.catch(() => undefined);
    this.#further?.update(data);
    return data;
  }

  /** Undefined, or a promise for the end of what another thread does with the last piece. */
  settled(): Promise<void> | undefined {
    return this.#atWork;
  }

  /** To be called when all data was taken: throws if a digest is not the claimed one, or if the trailer is no SHA-1. */
  finish(): void {
    const { sha1: computed, md5 } = this.#digests.finish();
    const computedSha1 = Uint8Array.from(computed ?? []);
    const sha1 = this.#verdict(computed === null ? undefined : encodeHex(computed));
    const claimed = this.#claims.md5;
    if (md5 !== null && claimed !== undefined && !constantTimeEqual(md5, claimed))
      throw failures.checksumMismatch('MD5');
    this.#result = {
      size: this.#size,
      sha1,
      computedSha1,
      md5: md5 === null ? null : encodeHex(md5),
      further: this.#finishFurther(),
    };
  }

  #finishFurther(): DigestResult['further'] {
    const claim = this.#claims.further;
    if (claim === undefined || this.#further === null) return null;
    const value = this.#further.digest();
    const expected = claim.expected?.();
    if (expected !== undefined && !constantTimeEqual(value, expected)) throw failures.checksumMismatch(claim.algorithm);
    return { algorithm: claim.algorithm, value };
  }

  /** The digests, once the stream has ended. */
  get result(): DigestResult {
    if (this.#result === undefined)
      throw failures.storageUnavailable(new Error('The store has not read the data to its end'));
    return this.#result;
  }

  #verdict(computed: string | undefined): StoredSha1 {
    const claim = this.#claims.sha1;
    if (claim.kind === 'unverified') return { sha1: (claim.sha1 ?? computed ?? '').toLowerCase(), verified: false };
    const expected = claim.kind === 'computed' ? computed : this.#claimedDigits(claim);
    if (computed === undefined || computed !== expected) throw failures.checksumMismatch('SHA-1');
    return { sha1: computed, verified: true };
  }

  #claimedDigits(claim: Extract<ContentSha1, { kind: 'given' | 'atEnd' }>): string {
    if (claim.kind === 'given') return claim.sha1.toLowerCase();
    const digits = Buffer.from(this.#trailer).toString('latin1');
    if (!/^[0-9a-f]+$/i.test(digits)) throw failures.trailingSha1Malformed(digits.replaceAll(/[^\x20-\x7e]/g, '?'));
    return digits.toLowerCase();
  }
}
