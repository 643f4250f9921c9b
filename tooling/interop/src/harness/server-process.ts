import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBanner, type Banner, type Credentials, type Endpoint } from './banner.ts';
import { serverEnvironment } from './client-environment.ts';
import { serverEntry } from './paths.ts';

export type { Credentials, Endpoint } from './banner.ts';

const startLimit = 60_000;
const stopLimit = 30_000;

/**
 * A server of its own on a fresh data directory, with debug logs in a file. It can be stopped, killed and started
 * again.
 */
export class ServerProcess {
  readonly folder: string;
  readonly #options: readonly string[];
  readonly #launcher: readonly string[];
  #child: ChildProcess | undefined;
  #banner: Banner | undefined;
  #starts = 0;

  /**
   * @param folder Holds all of the server's directories and logs.
   * @param options More of the command line, such as `--encrypt-by-default`.
   * @param launcher A command before the server's that runs it elsewhere, in the same process.
   */
  constructor(folder: string, options: readonly string[] = [], launcher: readonly string[] = []) {
    this.folder = folder;
    this.#options = options;
    this.#launcher = launcher;
    mkdirSync(this.logFolder, { recursive: true });
  }

  get dataFolder(): string {
    return join(this.folder, 'data');
  }

  /** Standard error and standard output of each start. */
  get logFolder(): string {
    return join(this.folder, 'logs');
  }

  get banner(): Banner {
    if (this.#banner === undefined) throw new Error('the server has not been started');
    return this.#banner;
  }

  /** The master application key, which every start is given. */
  readonly credentials: Credentials = {
    keyId: randomBytes(6).toString('hex'),
    key: `K001${randomBytes(21).toString('base64')}`,
  };

  endpoint(scheme: Endpoint['scheme']): Endpoint {
    const { [scheme]: url, certificate } = this.banner;
    if (url === undefined) throw new Error(`the server does not listen for ${scheme}`);
    return scheme === 'http' || certificate === undefined ? { scheme, url } : { scheme, url, caFile: certificate };
  }

  /** Starts on free ports, later on the same ones. @throws Error with the log if it does not come up. */
  async start(): Promise<void> {
    const log = join(this.logFolder, `start-${++this.#starts}.log`);
    const [program = '', ...args] = [...this.#launcher, process.execPath, serverEntry, 'serve', ...this.#arguments()];
    const child = spawn(program, args, {
      cwd: this.folder,
      env: serverEnvironment(this.folder, this.credentials),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.pipe(createWriteStream(log));
    const { banner, text } = await readBanner(child, log);
    this.#banner = banner;
    this.#keepOutput(child, text, `${log}.stdout`);
  }

  /** Ends it as an operator would, and waits. @throws Error if it does not end with 0. */
  async stop(): Promise<void> {
    const code = await this.#end('SIGTERM');
    if (code !== 0) throw new Error(`the server ended with ${String(code)} after SIGTERM, see ${this.logFolder}`);
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? 0;
    const ended = once(child, 'close', { signal: AbortSignal.timeout(stopLimit) }) as Promise<[number | null]>;
    child.kill(signal);
    const [code] = await ended;
    return code;
  }

  get #hasCertificate(): boolean {
    return this.#options.includes('--tls-cert');
  }

  #arguments(): readonly string[] {
    const address = (name: 'http' | 'https' | 'admin'): string => {
      const url = this.#banner?.[name];
      return url === undefined ? '127.0.0.1:0' : new URL(url).host;
    };
    return [
      ...['--data', this.dataFolder, '--keys', join(this.folder, 'keys')],
      ...['--listen', address('http'), ...(this.#hasCertificate ? [] : ['--dev-tls'])],
      ...['--https-listen', address('https')],
      ...['--admin-listen', address('admin'), '--console-listen', 'off'],
      ...['--minimum-part-size', '200', '--recommended-part-size', '4000000'],
      ...['--workers', process.env['COFFER_INTEROP_WORKERS'] ?? '1'],
      ...['--log-level', 'debug', '--log-format', 'json'],
      ...this.#options,
    ];
  }

  #keepOutput(child: ChildProcess, text: string, path: string): void {
    writeFileSync(path, text);
    const file = createWriteStream(path, { flags: 'a' });
    child.stdout?.on('data', (piece: string) => file.write(piece));
    child.stdout?.on('end', () => file.end());
  }
}

/** Reads standard output until the server has said all that a client needs. */
async function readBanner(child: ChildProcess, log: string): Promise<{ banner: Banner; text: string }> {
  let text = '';
  child.stdout?.setEncoding('utf8');
  const said = new Promise<{ banner: Banner; text: string }>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the server did not start in ${startLimit} ms; it said: ${text}; see ${log}`));
    }, startLimit);
    const listen = (piece: string): void => {
      text += piece;
      const banner = parseBanner(text);
      if (banner === undefined) return;
      clearTimeout(timer);
      child.stdout?.off('data', listen);
      resolve({ banner, text });
    };
    child.stdout?.on('data', listen);
    child.once('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with ${String(code)} before it was ready; it said: ${text}; see ${log}`));
    });
  });
  return said;
}
