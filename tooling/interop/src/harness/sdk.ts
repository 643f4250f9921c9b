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
  | { readonly call: 'sha1'; readonly name: string; readonly encryption: SdkEncryption }
  | {
      /** An upload in a process that dies where the next part would be sent. */
      readonly call: 'interrupted';
      readonly path: string;
      readonly name: string;
      /** How many parts are sent before. */
      readonly parts: number;
      readonly encryption: SdkEncryption;
    }
  | {
      readonly call: 'resumeById';
      readonly path: string;
      readonly name: string;
      /** Of the large file to go on with. */
      readonly fileId: string;
      readonly encryption: SdkEncryption;
    }
  | {
      readonly call: 'inStreams';
      readonly name: string;
      readonly bytesPerStream: number;
      readonly encryption: SdkEncryption;
    }
  | {
      /** Clients that authorise, wait until a token of test mode has expired, and upload a file each. */
      readonly call: 'outliveTokens';
      readonly clients: number;
      readonly path: string;
      readonly name: string;
    }
  | { readonly call: 'key'; readonly keyId: string }
  | { readonly call: 'bucketEncryption' }
  | { readonly call: 'fileEncryption'; readonly name: string }
  | SdkSync;

/** A run of the synchroniser. */
export interface SdkSync {
  readonly call: 'sync';
  /** A directory, or `b2://bucket/folder`. */
  readonly source: string;
  readonly destination: string;
  /** What becomes of files that the source does not have; `keepDays` keeps them for a day. */
  readonly removed: 'none' | 'delete' | 'keepDays';
  readonly compare: 'MODTIME' | 'SIZE' | 'NONE';
  /** Regular expressions of paths to leave out. */
  readonly exclude: readonly string[];
  /** Days by which the clock of the synchroniser is ahead. */
  readonly laterDays: number;
  readonly encryption: SdkEncryption;
}

/** Whom to talk to, and how. */
export interface SdkSession {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly home: string;
  readonly bucket: string;
  /** Sent as `X-Bz-Test-Mode` with every request. */
  readonly testMode?: string | undefined;
}

/** What a call returned: the error's class and text, or its result. */
export interface SdkAnswer {
  readonly error?: { readonly type: string; readonly text: string };
  /**
   * Of `range`: base64. Of `sha1` and `inStreams`: hexadecimal. Of `sync`: what it says. Of `key` and `…Encryption`:
   * JSON. Of the others: the file id.
   */
  readonly result?: string;
}

export function sdkEncryption({ mode, key }: Encryption): SdkEncryption {
  return key === undefined ? { mode } : { mode, key: key.toString('base64') };
}

/** Runs calls of b2sdk one after the other in one session. Keys go over standard input. */
export async function runSdk(
  { endpoint, credentials, home, bucket, testMode }: SdkSession,
  calls: readonly SdkCall[],
): Promise<readonly SdkAnswer[]> {
  const result = await runCommand(join(venvBin, 'python'), [pythonScript('sdk_session.py')], {
    env: clientEnvironment({ home, caFile: endpoint.caFile }),
    stdin: JSON.stringify({ realm: endpoint.url, ...credentials, bucket, testMode, calls }),
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
