import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { authorize, bannerEnd, createBucket, type Account } from './coffer-account.ts';
import { startServerProcess, type ProcessOptions, type ServerProcess } from './server-process.ts';

export interface CofferOptions {
  readonly workers: number;
  /** Whether it also listens for TLS, with a certificate that it makes itself. */
  readonly tls: boolean;
  readonly process?: ProcessOptions;
}

/** A Coffer server with an authorized account and a private bucket. */
export interface CofferProcess extends ServerProcess {
  /** Where the load goes: HTTPS if the server has it. Without a slash at the end. */
  readonly url: string;
  /** The server's certificate in PEM; undefined without TLS. */
  readonly certificate: string | undefined;
  /** Over HTTP. */
  readonly account: Account;
  readonly bucketId: string;
  /** What encrypts, in the server's words. */
  readonly engine: string;
}

const program = fileURLToPath(new URL('./dist/main.js', import.meta.resolve('@coffer/server/package.json')));
export const bucketName = 'benchmark';

/** Starts a server whose data is in `directory`. */
export async function startCoffer(directory: string, { workers, tls, process }: CofferOptions): Promise<CofferProcess> {
  const place = [
    '--data',
    join(directory, 'data'),
    '--listen',
    '127.0.0.1:0',
    '--admin-listen',
    'off',
    '--console-listen',
    'off',
  ];
  const secure = tls ? ['--dev-tls', '--https-listen', '127.0.0.1:0'] : [];
  const options = ['serve', ...place, ...secure, '--workers', String(workers)];
  const server = await startServerProcess(program, options, bannerEnd, join(directory, 'log'), process);
  const account = await authorize(server.output);
  const bucketId = await createBucket(account, bucketName);
  const shown = (name: string) => new RegExp(`^\\s*${name}\\s+(\\S+)`, 'm').exec(server.output)?.[1] ?? '';
  const certificate = tls ? await readFile(shown('Certificate'), 'utf8') : undefined;
  return {
    ...server,
    url: tls ? shown('HTTPS') : account.url,
    certificate,
    account,
    bucketId,
    engine: shown('Engine'),
  };
}
