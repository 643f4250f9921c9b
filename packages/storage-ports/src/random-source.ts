import { publicRandomBytes } from '@coffer/bytes';

/** Where identifiers' random bytes come from, so that tests can be reproduced. Never used for keys. */
export interface RandomSource {
  /** `length` fresh random bytes. */
  bytes(length: number): Uint8Array;
}

/** The platform's cryptographic random source. */
export const systemRandom: RandomSource = { bytes: publicRandomBytes };
