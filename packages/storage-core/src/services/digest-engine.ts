/** Which digests of a stream are computed. */
export interface DigestsWanted {
  readonly sha1: boolean;
  readonly md5: boolean;
}

/** Digests of a stream, null where they were not asked for: 20 and 16 bytes. */
export interface FinishedDigests {
  readonly sha1: Uint8Array | null;
  readonly md5: Uint8Array | null;
}

/** SHA-1 and MD5 of one stream, one call at a time: nothing is called while `updateAside` is at work. */
export interface RunningDigests {
  /** Takes the next bytes in the thread that calls. */
  update(bytes: Uint8Array): void;
  /**
   * Takes the next bytes on another thread. They must stay as they are until the promise has settled, also where nobody
   * wants the digests any more.
   */
  updateAside(bytes: Uint8Array): Promise<void>;
  /** Nothing can be added afterwards. */
  finish(): FinishedDigests;
}

/** Computes SHA-1 and MD5 on other threads. `@coffer/envelope-native` has such digests. */
export interface DigestEngine {
  digestsOf(wanted: DigestsWanted): RunningDigests;
  /**
   * How many pieces may be digested on other threads at once: not more than there are cores with nothing to do, since
   * handing work to another thread costs time of its own. 0 or fewer: none. Asked anew for each piece, since it may
   * change.
   */
  readonly aside: number;
}
