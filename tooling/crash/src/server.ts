import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Credentials } from './client.ts';

const entry = fileURLToPath(new URL('dist/main.js', import.meta.resolve('@coffer/server/package.json')));
const startLimit = 60_000;

/** Where a run of the server is reached, and its master application key. */
export interface RunningServer {
  readonly origin: string;
  readonly credentials: Credentials;
  /** The application key for S3. */
  readonly s3: Credentials;
}

/** The keys of every run: the master application key, and the application key for S3. */
interface Keys {
  readonly master: Credentials;
  readonly s3: Credentials;
}

/** A server that is killed and started again on the same data. */
export class CrashServer {
  readonly #folder: string;
  readonly #workers: number;
  /** Where its data is. */
  readonly dataFolder: string;
  #child: ChildProcess | undefined;
  readonly #keys: Keys;

  constructor(folder: string, workers: number, dataFolder = join(folder, 'data'), keys = newKeys()) {
    this.#folder = folder;
    this.#workers = workers;
    this.dataFolder = dataFolder;
    this.#keys = keys;
  }

  /** Another server with the same keys and the same account, on other data. */
  besides(dataFolder: string): CrashServer {
    return new CrashServer(this.#folder, this.#workers, dataFolder, this.#keys);
  }

  /** Where everything of the run is. */
  get folder(): string {
    return this.#folder;
  }

  /** The arguments of another command on the same data and keys. */
  command(name: string): readonly string[] {
    return [entry, name, ...this.#places()];
  }

  /** The arguments of another command on the same data that needs no keys. */
  keylessCommand(name: 'backup' | 'restore', directory: string): readonly string[] {
    return [entry, name, '--data', this.dataFolder, directory];
  }

  /** Standard error of every run. */
  get logFile(): string {
    return join(this.#folder, 'server.log');
  }

  /** @throws Error if it does not come up within a minute. */
  async start(): Promise<RunningServer> {
    const log = openSync(this.logFile, 'a');
    const args = [entry, 'serve', ...this.#arguments()];
    const { master, s3 } = this.#keys;
    const env = {
      ...process.env,
      ...{ COFFER_MASTER_KEY_ID: master.keyId, COFFER_MASTER_KEY: master.key },
      ...{ COFFER_S3_KEY_ID: s3.keyId, COFFER_S3_KEY: s3.key },
    };
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', log], env });
    closeSync(log);
    this.#child = child;
    const banner = await readBanner(child);
    return { origin: found(/(http:\/\/127\.0\.0\.1:\d+)/, banner), credentials: master, s3 };
  }

  /** Ends it at once. @throws Error if it had ended by itself. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The server had ended by itself; see ${this.logFile}`);
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  #places(): readonly string[] {
    return ['--data', this.dataFolder, '--keys', join(this.#folder, 'keys')];
  }

  #arguments(): readonly string[] {
    return [
      ...this.#places(),
      ...['--listen', '127.0.0.1:0', '--admin-listen', 'off', '--console-listen', 'off', '--log-level', 'warn'],
      ...['--workers', String(this.#workers)],
      ...['--minimum-part-size', '100', '--inline-threshold', '2000'],
    ];
  }
}

function newKeys(): Keys {
  return {
    master: { keyId: randomBytes(6).toString('hex'), key: `K001${randomBytes(21).toString('base64')}` },
    s3: { keyId: randomBytes(10).toString('hex'), key: randomBytes(30).toString('base64') },
  };
}

/** Reads standard output up to the last line of the banner. */
function readBanner(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), startLimit);
    child.stdout?.on('data', (piece: Buffer) => {
      text += piece.toString();
      if (!text.includes('curl -u')) return;
      clearTimeout(timer);
      resolve(text);
    });
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error('The server ended, or had to be ended, before it was ready'));
    });
  });
}

function found(pattern: RegExp, text: string): string {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) throw new Error(`The banner has no ${String(pattern)}`);
  return value;
}
