/** A bucket whose rules could not be followed to the end. */
export interface BucketLifecycleFailure {
  readonly bucketId: string;
  /** Null where the bucket's record is damaged, so that only its id is known. */
  readonly bucketName: string | null;
  readonly error: Error;
}

/**
 * Rules of some buckets could not be followed to the end; those of all other buckets were. The next run tries again.
 */
export class LifecycleError extends Error {
  override readonly name = 'LifecycleError';
  /** At least one. */
  readonly buckets: readonly BucketLifecycleFailure[];

  constructor(buckets: readonly BucketLifecycleFailure[]) {
    super(`Lifecycle rules could not be followed to the end: ${buckets.map(reason).join('; ')}`);
    this.buckets = buckets;
  }
}

function reason({ bucketId, bucketName, error }: BucketLifecycleFailure): string {
  return `bucket ${bucketName ?? bucketId}: ${error.message}`;
}
