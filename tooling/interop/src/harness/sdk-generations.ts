import { join } from 'node:path';
import { clientEnvironment } from './client-environment.ts';
import { expectSuccess, runCommand } from './command.ts';
import type { Encryption } from './encryption.ts';
import { pythonScript, venvBin } from './paths.ts';
import type { World } from './scenario.ts';
import { sdkEncryption } from './sdk.ts';
import type { TestFile } from './test-file.ts';

/** Interfaces of b2sdk that older programs were written for. All are in every release of it. */
export const sdkGenerations = ['v1', 'v2'] as const;

/** What a walk of `python/sdk_generations.py` takes. */
export interface SdkWalk {
  readonly generation: (typeof sdkGenerations)[number];
  readonly encryption: Encryption;
  /** For a bucket that is not there yet. */
  readonly bucket: string;
  readonly small: TestFile;
  readonly large: TestFile;
}

/** What it saw. SHA-1 is hexadecimal. */
export interface SdkWalkSeen {
  /** The bucket with all settings, in the names of the API. */
  readonly bucket: object;
  readonly transfers: {
    readonly small: string;
    readonly smallById: string;
    readonly large: string;
    readonly copied: string;
    /** Bytes 3,999,990 to 4,000,009 of the large file, in base64. */
    readonly range: string;
    /** The encryption of all files, as a listing has it. */
    readonly modes: readonly string[];
  };
  readonly keys: {
    readonly listed: readonly string[];
    readonly seen: readonly string[];
    readonly refused: string;
    readonly deleted: string;
    readonly secret: string;
  };
  readonly removed: {
    readonly visible: readonly string[];
    /** Name and action. */
    readonly versions: readonly (readonly [string, string])[];
    readonly left: number;
  };
  /** What is left in the end. */
  readonly buckets: readonly string[];
}

/** Makes a bucket, fills, reads and empties it through one of b2sdk's interfaces. */
export async function walkWithSdk({ endpoint, folder, server }: World, walk: SdkWalk): Promise<SdkWalkSeen> {
  const { encryption, small, large, ...rest } = walk;
  const session = {
    ...{ realm: endpoint.url, ...server.credentials, ...rest },
    ...{ encryption: sdkEncryption(encryption), small: small.path, large: large.path },
  };
  const result = await runCommand(join(venvBin, 'python'), [pythonScript('sdk_generations.py')], {
    env: clientEnvironment({ home: folder, caFile: endpoint.caFile }),
    stdin: JSON.stringify(session),
  });
  return JSON.parse(expectSuccess(result).stdout.toString()) as SdkWalkSeen;
}
