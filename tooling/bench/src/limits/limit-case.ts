import type { Account, UploadTargets } from '../server/coffer-account.ts';

/** A running server with a bucket, and what the cases need of it. */
export interface LoadedServer {
  readonly pid: number;
  readonly account: Account;
  readonly bucketId: string;
  readonly bucketName: string;
  readonly targets: UploadTargets;
  /** The server's data directory. */
  readonly data: string;
  /** Stops it, and starts it on the same data. Resolves to the milliseconds until it was ready. */
  readonly restart: () => Promise<number>;
}

/** One kind of load. */
export interface LimitCase {
  readonly title: string;
  /** Bytes of disk it needs. */
  readonly disk: number;
  /** Options of the server besides the defaults. */
  readonly options?: readonly string[];
  /** What has to be there before anything is measured. */
  readonly prepare?: (server: LoadedServer) => Promise<void>;
  /** The load itself; resolves, when it is over, to a description of its outcome. */
  readonly load: (server: LoadedServer) => Promise<string>;
  /** What is done after the measurement. */
  readonly after?: (server: LoadedServer) => Promise<string>;
}
