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
  /** Of the rule, which names it within its bucket. */
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
   * What all rules of all buckets ask for at `now`, found while it is read: memory is bounded, a bucket without rules
   * costs its own record only, and a rule what has its prefix. What happens meanwhile may or may not be seen.
   *
   * @throws as {@link LifecycleService.run}.
   */
  plan(now: number, options?: { readonly signal?: AbortSignal }): AsyncGenerator<LifecycleAction, void>;
  /**
   * Does what the rules ask for now, or only says so. Each action is a commit of its own that looks again whether it is
   * asked for, so an upload, a lock or a change of the rules that comes meanwhile is respected. A run can be ended at
   * any moment, by leaving the iteration, by `signal` (which it rejects with) or with the process; several may run at
   * once, also in several processes.
   *
   * @throws LifecycleError after everything else was done, where rules of a bucket could not be followed to the end;
   * StorageError `storage_unavailable` where the stores fail for all buckets; `clock_doubted`, but not for a dry run,
   * before anything is done or as soon as the clock jumps.
   */
  run(options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal }): AsyncGenerator<LifecycleOutcome, void>;
}
