/** What a lifecycle rule asks for. */
export type LifecycleActionKind =
  /** A hide marker over the current version. */
  | 'hide'
  /** A version that was hidden long enough. */
  | 'delete-version'
  /** A hide marker that was superseded long enough, or the current one of a name that has nothing else beneath it. */
  | 'delete-hide-marker'
  /** A large file that was not finished in time. */
  | 'cancel-large-file';

/** One thing that a bucket's rule asks for. */
export interface LifecycleAction {
  readonly kind: LifecycleActionKind;
  readonly bucketId: string;
  readonly bucketName: string;
  /** The prefix of the rule, which identifies it within its bucket. */
  readonly fileNamePrefix: string;
  readonly name: string;
  /** The version to delete or cancel; for `hide`, the current version that is to be hidden. */
  readonly fileId: string;
  /** Milliseconds since the epoch. */
  readonly uploadTimestamp: number;
}

/**
 * An action and what became of it. `planned`: it was a dry run. `skipped`: by the time it was to be done it was no
 * longer asked for. `failed`: the version is damaged, there is no space for a hide marker, or others were faster too
 * often; the next run tries again.
 */
export type LifecycleOutcome =
  | { readonly action: LifecycleAction; readonly result: 'done' | 'skipped' | 'planned' }
  | { readonly action: LifecycleAction; readonly result: 'failed'; readonly error: Error };

/**
 * Lifecycle rules, applied (B2 docs "Lifecycle Rules").
 *
 * A version counts as uploaded at its upload timestamp, a large file when it was finished. It counts as hidden since
 * the next newer version or hide marker of its name was uploaded, or, for a large file, since it was finished beneath
 * one. Versions under retention or legal hold are kept, and so is the hide marker over them.
 */
export interface LifecycleService {
  /**
   * The actions that all rules of all buckets ask for at `now`, found while they are read. Memory is bounded; a bucket
   * without rules costs only the read of its record, and a rule costs the reads of the names with its prefix. Changes
   * that happen meanwhile may or may not be seen.
   *
   * @throws as {@link LifecycleService.run}.
   */
  plan(now: number, options?: { readonly signal?: AbortSignal }): AsyncGenerator<LifecycleAction, void>;
  /**
   * Does what the rules ask for now, or, as a dry run, only reports it. Each action is a commit of its own, which
   * checks again whether the action is asked for, so an upload, a lock or a change of the rules that comes meanwhile is
   * respected. A run can be ended at any moment, by leaving the iteration, by `signal` (the run then rejects with its
   * reason) or by ending the process; several may run at once, also in several processes.
   *
   * @throws LifecycleError after everything else was done, where rules of a bucket could not be followed to the end;
   * StorageError `storage_unavailable` where the stores fail for all buckets; `clock_doubted`, but not for a dry run,
   * before anything is done or as soon as the clock jumps.
   */
  run(options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal }): AsyncGenerator<LifecycleOutcome, void>;
}
