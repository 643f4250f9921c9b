/**
 * Why the clock is doubted.
 *
 * - `jumped`: it was set while the machine ran: it does not show what it should by the time that has passed.
 * - `behind`: it shows a time before one that this store has seen.
 * - `ahead`: it shows a time more than 30 days after the last one that this store has seen.
 */
export type ClockDoubt = 'jumped' | 'behind' | 'ahead';

/** What is to be thought of the clock. Times are in milliseconds since the epoch. */
export interface ClockJudgement {
  /** What the clock shows. */
  readonly now: number;
  /** Null if nothing speaks against the clock. */
  readonly doubt: ClockDoubt | null;
  /** A time that has certainly come: `now`, unless that is doubted. */
  readonly certain: number;
  /**
   * What time it is most likely: `now`, or, where the clock was set while the machine ran, what the time that has
   * passed makes it, or, where the clock is behind, the latest time that was recorded.
   */
  readonly presumed: number;
  /** The latest time that was recorded while nothing spoke against the clock; null if there is none yet. */
  readonly seen: number | null;
}

/**
 * Whether the clock can be believed where something is lost if it is wrong. While it is doubted, no lifecycle rule is
 * applied, and no retention ends by it. All processes over one store judge alike: they compare their clock with the
 * same record.
 */
export interface ClockService {
  judge(): Promise<ClockJudgement>;
  /**
   * Judges, and records what the clock shows unless that is doubted or the last record is less than five minutes old;
   * with `now`, also then. To be called every minute or so by one process, and when it ends.
   */
  keep(options?: { readonly now?: boolean }): Promise<ClockJudgement>;
  /**
   * Records that the clock is right, whatever it shows: from now on every process believes it. Gives what was thought
   * before.
   */
  confirm(): Promise<ClockJudgement>;
}
