import { fileURLToPath } from 'node:url';
import { keyVariables } from '../server/coffer-account.ts';
import { bucketName } from '../server/coffer-process.ts';
import type { ClientOptions } from './client-options.ts';

export type Direction = 'upload' | 'download';

/** How a client is run. */
export interface Contestant {
  readonly directions: readonly Direction[];
  /** Program and arguments that transfer a file between the bucket and the local disk. */
  readonly command: (direction: Direction, file: string, name: string) => readonly string[];
  /** What the version is printed by. */
  readonly version: readonly string[];
  /** Environment beside the account's. */
  readonly environment?: Readonly<Record<string, string>>;
}

const ownProgram = fileURLToPath(new URL('./coffer-transfer.js', import.meta.url));
const pythonProgram = fileURLToPath(new URL('../../client/b2sdk_transfer.py', import.meta.url));
const both = ['upload', 'download'] as const;

/** Every client with its defaults; ours downloads in ranges, too. */
export function contestantsOf({ python, rclone }: ClientOptions) {
  const own = (direction: Direction, file: string, name: string) => [
    ...[process.execPath, ownProgram],
    ...[direction, file, name],
  ];
  return {
    '@coffer/client': { directions: both, command: own, version: [process.execPath, '--version'] },
    '@coffer/client, 4 ranges': {
      directions: ['download'],
      command: own,
      version: [process.execPath, '--version'],
      environment: { COFFER_BENCH_PARALLEL: '4' },
    },
    b2sdk: {
      directions: both,
      command: (direction, file, name) => [python, pythonProgram, direction, file, name],
      version: [python, '-c', 'import importlib.metadata as m; print(m.version("b2sdk"))'],
    },
    rclone: {
      directions: both,
      command: (direction, file, name) => {
        const remote = `bench:${bucketName}/${name}`;
        return [rclone, 'copyto', ...(direction === 'upload' ? [file, remote] : [remote, file])];
      },
      version: [rclone, 'version'],
    },
  } as const satisfies Readonly<Record<string, Contestant>>;
}

/** The account, in the words of every client. */
export function accountEnvironment(url: string): Readonly<Record<string, string>> {
  const { COFFER_MASTER_KEY_ID: id, COFFER_MASTER_KEY: key } = keyVariables;
  return {
    ...{ B2_APPLICATION_KEY_ID: id, B2_APPLICATION_KEY: key, B2_URL: url, B2_BUCKET: bucketName },
    ...{ RCLONE_CONFIG: '', RCLONE_CONFIG_BENCH_TYPE: 'b2', RCLONE_CONFIG_BENCH_ENDPOINT: url },
    ...{ RCLONE_CONFIG_BENCH_ACCOUNT: id, RCLONE_CONFIG_BENCH_KEY: key },
  };
}
