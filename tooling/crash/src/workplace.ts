import type { Client } from './client.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import type { S3Client } from './s3/s3-client.ts';

/** What an operation of the workload works with. */
export interface Workplace {
  readonly client: Client;
  readonly s3: S3Client;
  readonly ledger: Ledger;
  readonly random: Random;
  /** The bucket that the files are in. */
  readonly bucketId: string;
}
