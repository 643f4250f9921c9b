import type { Client } from './client.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';

/** What an operation of the workload works with. */
export interface Workplace {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly random: Random;
  /** The bucket that the files are in. */
  readonly bucketId: string;
}
