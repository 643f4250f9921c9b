/** One of several processes over the same stores. */
export interface NodeMember {
  readonly memberId: string;
  /** Milliseconds since the epoch, by that member's own clock. */
  readonly joinedAt: number;
}

/** What a sign of life found out. */
export interface NodeBeat {
  /** This process. */
  readonly memberId: string;
  /**
   * Whether the others had given this process up, so that it joined again under a new id. Uploads that were under way
   * are refused when they end.
   */
  readonly rejoined: boolean;
  /** Members that had not given a sign of life for so long that they were taken off. */
  readonly removed: readonly string[];
}

/**
 * Processes on several machines that work over the same stores, each of them equal. A process that joins owns the blobs
 * that it writes: nobody takes one of them for a leftover while it is a member, and none of them can become part of a
 * file once it is not. Who has died is found out by signs of life that others watch, each with its own idea of how much
 * time has passed; no two clocks are compared.
 */
export interface NodeService {
  /** Makes this process a member, before it does anything else that writes. Resolves with its id. */
  join(): Promise<string>;
  /**
   * Gives a sign of life, and takes off members that have not given one for
   * {@link StorageOptions.memberSilenceMilliseconds}. To be called ten times as often as that.
   *
   * @throws StorageError `storage_unavailable` where the store cannot be reached; to be tried again all the same.
   */
  beat(): Promise<NodeBeat>;
  /** To be called when a process ends properly. Uploads that are under way are refused when they end. */
  leave(): Promise<void>;
  /** All members. */
  members(): Promise<readonly NodeMember[]>;
  /**
   * Whether this process is the one that does the work of that name, now and until the next call. A process that cannot
   * give signs of life gives its work up before the others take it over; still, such work has to be right where two do
   * it at once. True for a process that never joined.
   */
  hold(work: string): Promise<boolean>;
}
