/** A store to test against. */
export interface S3Target {
  readonly name: string;
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** A bucket that is there. */
  readonly bucket: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The stores that were started for the tests. */
    s3Targets: readonly S3Target[];
  }
}
