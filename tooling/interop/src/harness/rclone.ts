import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { clientEnvironment } from './client-environment.ts';
import { expectSuccess, runCommand, type CommandResult } from './command.ts';
import type { Credentials, Endpoint } from './server-process.ts';

/** rclone with its b2 backend as the remote `coffer:`, with a home of its own. Its chunks are the smallest it allows. */
export class Rclone {
  readonly #env: Readonly<Record<string, string>>;

  constructor(home: string, { url, caFile }: Endpoint, { keyId, key }: Credentials) {
    mkdirSync(home, { recursive: true });
    const variables: Record<string, string> = {
      RCLONE_CONFIG: join(home, 'rclone.conf'),
      RCLONE_CONFIG_COFFER_TYPE: 'b2',
      RCLONE_CONFIG_COFFER_ACCOUNT: keyId,
      RCLONE_CONFIG_COFFER_KEY: key,
      RCLONE_CONFIG_COFFER_ENDPOINT: url,
      RCLONE_B2_UPLOAD_CUTOFF: '5Mi',
      RCLONE_B2_CHUNK_SIZE: '5Mi',
    };
    if (caFile !== undefined) variables['RCLONE_CA_CERT'] = caFile;
    this.#env = clientEnvironment({ home, caFile, variables });
  }

  /** Runs rclone, whatever its exit code. */
  async run(...args: readonly string[]): Promise<CommandResult> {
    return runCommand('rclone', ['--retries', '1', ...args], { env: this.#env });
  }

  /** What rclone printed. @throws Error unless it ended with 0. */
  async ok(...args: readonly string[]): Promise<Buffer> {
    return expectSuccess(await this.run(...args)).stdout;
  }
}
