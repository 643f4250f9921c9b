/**
 * Why the clock is doubted.
 *
 * - `jumped`: it was set while the machine ran, so it does not agree with the time that has passed.
 * - `behind`: it shows a time before one that this store has seen.
 * - `ahead`: it shows a time more than 30 days after the last one that this store has seen.
 */
export type ClockDoubt = 'jumped' | 'behind' | 'ahead';

/** A judgement of the clock. Times are in milliseconds since the epoch. */
export interface ClockJudgement {
  /** What the clock shows. */
  readonly now: number;
  /** Null if nothing speaks against the clock. */
  readonly doubt: ClockDoubt | null;
  /** A time that has certainly come: `now`, unless that is doubted. */
  readonly certain: number;
  /**
   * The most likely time. If the clock was set while the machine ran, it follows from the time that has passed; if the
   * clock is behind, it is the latest recorded time; otherwise it is `now`.
   */
  readonly presumed: number;
  /** The latest time that was recorded while nothing spoke against the clock; null if there is none yet. */
  readonly seen: number | null;
}

/**
 * Judges whether the clock can be believed, for decisions that lose something if it is wrong. While it is doubted, no
 * lifecycle rule is applied, and no retention ends by it. All processes over one store judge alike, because they
 * compare their clock with the same record.
 */
export interface ClockService {
  judge(): Promise<ClockJudgement>;
  /**
   * Judges the clock, and records what it shows unless it is doubted. If the last record is less than five minutes old,
   * another one is made only with `now`. To be called every minute or so by one process, and when it ends.
   */
  keep(options?: { readonly now?: boolean }): Promise<ClockJudgement>;
  /**
   * Records that the clock is right, whatever it shows: from now on every process believes it. Resolves with the
   * judgement before that.
   */
  confirm(): Promise<ClockJudgement>;
}
