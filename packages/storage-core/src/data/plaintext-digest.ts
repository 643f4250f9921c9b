import { createHash, type Hash } from 'node:crypto';
import { constantTimeEqual, encodeHex } from '@coffer/bytes';
import type { RunningChecksum } from '@coffer/checksums';
import type { ChecksumAlgorithm, StoredSha1 } from '@coffer/storage-ports';
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
  readonly #sha1: Hash | null;
  readonly #md5: Hash | null;
  readonly #further: RunningChecksum | null;
  readonly #trailer: Uint8Array;
  #offset = 0;
  #size = 0;
  #result: DigestResult | undefined;

  /** `wanted`: which digests are wanted where nobody gave one to compare; `further`: begun as `claims` ask for it. */
  constructor(
    claims: DigestClaims,
    wanted: { readonly md5: boolean; readonly sha1: boolean },
    further: RunningChecksum | null = null,
  ) {
    this.#claims = claims;
    const { sha1, md5 } = claims;
    const isBelieved = sha1.kind === 'unverified' && sha1.sha1 !== undefined;
    this.#sha1 = isBelieved && !wanted.sha1 ? null : createHash('sha1');
    this.#md5 = wanted.md5 || md5 !== undefined ? createHash('md5') : null;
    this.#further = further;
    this.#trailer = new Uint8Array(sha1.kind === 'atEnd' ? trailingSha1Length : 0);
  }

  /** Bytes behind the data that are not data. */
  get trailerLength(): number {
    return this.#trailer.length;
  }

  /**
   * Digests the part of the next piece that is data, and returns it. Bytes behind the `length` bytes of data (Infinity:
   * all are data) go into the trailer, in which they must fit.
   */
  take(piece: Uint8Array, length: number): Uint8Array {
    const data = piece.subarray(0, Math.max(0, length - this.#offset));
    this.#trailer.set(piece.subarray(data.length), Math.max(0, this.#offset - length));
    this.#offset += piece.length;
    this.#size += data.length;
    this.#sha1?.update(data);
    this.#md5?.update(data);
    this.#further?.update(data);
    return data;
  }

  /** To be called when all data was taken: throws if a digest is not the claimed one, or if the trailer is no SHA-1. */
  finish(): void {
    const computedSha1 = Uint8Array.from(this.#sha1?.digest() ?? []);
    const sha1 = this.#verdict(this.#sha1 === null ? undefined : encodeHex(computedSha1));
    const md5 = this.#md5?.digest();
    const claimed = this.#claims.md5;
    if (md5 !== undefined && claimed !== undefined && !constantTimeEqual(md5, claimed))
      throw failures.checksumMismatch('MD5');
    this.#result = {
      size: this.#size,
      sha1,
      computedSha1,
      md5: md5 === undefined ? null : encodeHex(md5),
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
