import { join } from 'node:path';
import { clientEnvironment } from './client-environment.ts';
import { expectSuccess, runCommand } from './command.ts';
import type { Encryption } from './encryption.ts';
import { pythonScript, venvBin } from './paths.ts';
import type { Credentials, Endpoint } from './server-process.ts';

/** An encryption as `python/sdk_session.py` reads it. */
export interface SdkEncryption {
  readonly mode: Encryption['mode'];
  readonly key?: string;
}

/** One call of b2sdk. File names are of B2, paths are local. */
export type SdkCall =
  | { readonly call: 'upload'; readonly path: string; readonly name: string; readonly encryption: SdkEncryption }
  | {
      readonly call: 'range';
      readonly name: string;
      /** First and last byte, both included. */
      readonly range: readonly [number, number];
      readonly encryption: SdkEncryption;
    }
  | {
      readonly call: 'copy';
      readonly sourceId: string;
      readonly name: string;
      /** Bytes of the source to copy. */
      readonly offset: number;
      readonly length: number;
      /** Bytes; a longer source is copied in parts. */
      readonly partSize: number;
      readonly from: SdkEncryption;
      readonly to: SdkEncryption;
    }
  | { readonly call: 'sha1'; readonly name: string; readonly encryption: SdkEncryption };

/** What a call returned: the error's class and text, or its result. */
export interface SdkAnswer {
  readonly error?: { readonly type: string; readonly text: string };
  /** Of `range`: base64. Of `sha1`: hexadecimal. Of `upload` and `copy`: the file id. */
  readonly result?: string;
}

export function sdkEncryption({ mode, key }: Encryption): SdkEncryption {
  return key === undefined ? { mode } : { mode, key: key.toString('base64') };
}

/** Runs calls of b2sdk one after the other in one session. Keys go over standard input. */
export async function runSdk(
  {
    endpoint,
    credentials,
    home,
    bucket,
  }: { endpoint: Endpoint; credentials: Credentials; home: string; bucket: string },
  calls: readonly SdkCall[],
): Promise<readonly SdkAnswer[]> {
  const result = await runCommand(join(venvBin, 'python'), [pythonScript('sdk_session.py')], {
    env: clientEnvironment({ home, caFile: endpoint.caFile }),
    stdin: JSON.stringify({ realm: endpoint.url, ...credentials, bucket, calls }),
    timeout: 280_000,
  });
  return JSON.parse(expectSuccess(result).stdout.toString()) as readonly SdkAnswer[];
}

/** The results of calls that must all succeed. */
export function results(answers: readonly SdkAnswer[]): readonly string[] {
  return answers.map(({ error, result }) => {
    if (error !== undefined) throw new Error(`${error.type}: ${error.text}`);
    return result ?? '';
  });
}
