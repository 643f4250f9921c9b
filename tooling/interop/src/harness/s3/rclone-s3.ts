import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { clientEnvironment } from '../client-environment.ts';
import { expectSuccess, runCommand, type CommandResult } from '../command.ts';
import type { Encryption } from '../encryption.ts';
import { region, type S3World } from './s3-scenario.ts';

/** How rclone is set up. */
export interface RcloneS3Settings {
  /** Used for all that is written and read. */
  readonly encryption?: Encryption;
  /** More variables, such as `RCLONE_S3_LIST_VERSION`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** The system's rclone with its s3 backend as the remote `coffer:`, with a home of its own and small chunks. */
export class RcloneS3 {
  readonly #env: Readonly<Record<string, string>>;

  constructor({ endpoint: { url, caFile }, credentials, folder }: S3World, settings: RcloneS3Settings = {}) {
    const { encryption, variables = {} } = settings;
    const home = join(folder, `rclone ${encryption?.label ?? ''}`);
    mkdirSync(home, { recursive: true });
    const all: Record<string, string> = {
      RCLONE_CONFIG: join(home, 'rclone.conf'),
      RCLONE_CONFIG_COFFER_TYPE: 's3',
      RCLONE_CONFIG_COFFER_PROVIDER: 'Other',
      RCLONE_CONFIG_COFFER_ACCESS_KEY_ID: credentials.keyId,
      RCLONE_CONFIG_COFFER_SECRET_ACCESS_KEY: credentials.key,
      RCLONE_CONFIG_COFFER_ENDPOINT: url,
      RCLONE_CONFIG_COFFER_REGION: region,
      RCLONE_S3_UPLOAD_CUTOFF: '5Mi',
      RCLONE_S3_CHUNK_SIZE: '5Mi',
      ...encryptionVariables(encryption),
      ...variables,
    };
    if (caFile !== undefined) all['RCLONE_CA_CERT'] = caFile;
    this.#env = clientEnvironment({ home, caFile, variables: all });
  }

  /** Runs rclone, whatever its exit code. */
  async run(args: readonly string[], stdin?: Uint8Array): Promise<CommandResult> {
    return runCommand('rclone', ['--retries', '1', '--low-level-retries', '1', ...args], { env: this.#env, stdin });
  }

  /** What rclone printed. @throws Error unless it ended with 0. */
  async ok(...args: readonly string[]): Promise<Buffer> {
    return expectSuccess(await this.run(args)).stdout;
  }

  /** What rclone printed, line by line and sorted. @throws Error unless it ended with 0. */
  async lines(...args: readonly string[]): Promise<readonly string[]> {
    return (await this.ok(...args)).toString().split('\n').filter(Boolean).sort();
  }
}

function encryptionVariables(encryption?: Encryption): Record<string, string> {
  if (encryption?.mode === 'SSE-B2') return { RCLONE_S3_SERVER_SIDE_ENCRYPTION: 'AES256' };
  if (encryption?.key === undefined) return {};
  const key = encryption.key.toString('base64');
  return { RCLONE_S3_SSE_CUSTOMER_ALGORITHM: 'AES256', RCLONE_S3_SSE_CUSTOMER_KEY_BASE64: key };
}
