import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { clientEnvironment } from './client-environment.ts';
import { expectSuccess, runCommand, type CommandResult } from './command.ts';
import type { Encryption } from './encryption.ts';
import { currentRclone } from './paths.ts';
import type { Credentials, Endpoint } from './server-process.ts';

/** Which rclone runs, and how it encrypts. */
export interface RcloneSettings {
  /** The system's, or the pinned one that `run` builds. Only the latter knows SSE-C. */
  readonly build?: 'system' | 'current';
  /** Of mode SSE-C; used for all that is written and read. */
  readonly encryption?: Encryption;
}

/**
 * rclone with its b2 backend as the remote `coffer:`, with a home of its own. Its chunks are the smallest it allows.
 */
export class Rclone {
  readonly #env: Readonly<Record<string, string>>;
  readonly #program: string;

  constructor(
    home: string,
    { url, caFile }: Endpoint,
    { keyId, key }: Credentials,
    { build = 'system', encryption }: RcloneSettings = {},
  ) {
    this.#program = build === 'system' ? 'rclone' : currentRclone;
    mkdirSync(home, { recursive: true });
    const variables: Record<string, string> = {
      RCLONE_CONFIG: join(home, 'rclone.conf'),
      RCLONE_CONFIG_COFFER_TYPE: 'b2',
      RCLONE_CONFIG_COFFER_ACCOUNT: keyId,
      RCLONE_CONFIG_COFFER_KEY: key,
      RCLONE_CONFIG_COFFER_ENDPOINT: url,
      RCLONE_B2_UPLOAD_CUTOFF: '5Mi',
      RCLONE_B2_CHUNK_SIZE: '5Mi',
      ...customerKey(encryption),
    };
    if (caFile !== undefined) variables['RCLONE_CA_CERT'] = caFile;
    this.#env = clientEnvironment({ home, caFile, variables });
  }

  /** Runs rclone, whatever its exit code. */
  async run(...args: readonly string[]): Promise<CommandResult> {
    return this.#run(args);
  }

  /** What rclone printed. @throws Error unless it ended with 0. */
  async ok(...args: readonly string[]): Promise<Buffer> {
    return this.okWith('', ...args);
  }

  /** Like {@link ok}, with something to read on standard input. */
  async okWith(stdin: string | Uint8Array, ...args: readonly string[]): Promise<Buffer> {
    return expectSuccess(await this.#run(args, stdin)).stdout;
  }

  /** What rclone printed, line by line. @throws Error unless it ended with 0. */
  async lines(...args: readonly string[]): Promise<readonly string[]> {
    return (await this.ok(...args)).toString().split('\n').filter(Boolean);
  }

  async #run(args: readonly string[], stdin?: string | Uint8Array): Promise<CommandResult> {
    return runCommand(this.#program, ['--retries', '1', ...args], { env: this.#env, stdin });
  }
}

function customerKey(encryption?: Encryption): Record<string, string> {
  if (encryption?.key === undefined) return {};
  return {
    RCLONE_B2_SSE_CUSTOMER_ALGORITHM: 'AES256',
    RCLONE_B2_SSE_CUSTOMER_KEY_BASE64: encryption.key.toString('base64'),
  };
}
