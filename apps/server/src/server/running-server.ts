import type { SecretString } from '@coffer/bytes';

/** A server that takes requests. */
export interface RunningServer {
  /** Without a slash at the end; undefined where the listener is off. */
  readonly urls: {
    readonly http: string | undefined;
    readonly https: string | undefined;
    /** The listener for S3 only; undefined where there is none. */
    readonly s3: string | undefined;
    /** The listener of `/healthz`, `/readyz` and `/metrics`. */
    readonly admin: string | undefined;
    /** The web console; undefined where it is off, or where this server was built without it. */
    readonly console: string | undefined;
  };
  readonly masterKeyId: string;
  /**
   * The master application key's secret; only on the first start, which made it or got it from the settings. The caller
   * wipes it.
   */
  readonly masterKey?: SecretString;
  /** An application key for S3 that was made with a store in memory. The caller wipes its secret. */
  readonly s3Key?: { readonly id: string; readonly secret: SecretString };
  /** PEM file that clients of a self-made certificate have to trust. */
  readonly certificateFile?: string;
  /**
   * Reads certificate and keyring again from their files, without failing a request. A file that cannot be used is
   * logged, and what was in use before stays in use. Never rejects.
   */
  reload(): Promise<void>;
  /**
   * Stops accepting, lets requests under way finish (for `graceMs` milliseconds at most, 30,000 by default), closes the
   * store, wipes the keys and releases the data directory. Idempotent.
   */
  close(graceMs?: number): Promise<void>;
}
