import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));
const startLimitMs = 60_000;

/** The built server, in a process and a directory of its own. */
export interface ConsoleServer {
  /** The origin of the console, without a slash at the end. */
  readonly consoleUrl: string;
  /** The origin of the B2 Native API for other clients. */
  readonly apiUrl: string;
  readonly keyId: string;
  readonly key: string;
  /** Where the server keeps its data. */
  readonly dataFolder: string;
  /** All that the server has logged so far, at level debug. */
  readonly log: () => string;
  /** Ends the server, and starts it again on the same data and ports. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts a server. `options` are more of its command line, such as `--encrypt-by-default`. */
export async function startConsoleServer(options: readonly string[] = []): Promise<ConsoleServer> {
  const folder = await mkdtemp(join(tmpdir(), 'coffer-console-'));
  const [keyId, key] = [randomBytes(6).toString('hex'), `K001${randomBytes(21).toString('base64')}`];
  const state: { log: string; child: ChildProcess | undefined; urls: Urls | undefined } = {
    ...{ log: '', child: undefined, urls: undefined },
  };
  const addressOf = (name: keyof Urls): string =>
    state.urls === undefined ? '127.0.0.1:0' : new URL(state.urls[name]).host;
  const start = async (): Promise<Urls> => {
    const child = spawn(
      process.execPath,
      [
        ...[join(repository, 'apps/server/dist/main.js'), 'serve', '--data', join(folder, 'data')],
        ...['--listen', addressOf('api'), '--console-listen', addressOf('console'), '--admin-listen', 'off'],
        ...['--log-level', 'debug', ...options],
      ],
      {
        cwd: folder,
        env: { ...process.env, COFFER_MASTER_KEY_ID: keyId, COFFER_MASTER_KEY: key },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    state.child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (state.log += text));
    return (state.urls = await readUrls(child, () => state.log));
  };
  const stop = async (): Promise<void> => {
    const { child } = state;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  const { api: apiUrl, console: consoleUrl } = await start();
  return {
    ...{ consoleUrl, apiUrl },
    ...{ keyId, key, dataFolder: join(folder, 'data'), log: () => state.log },
    restart: async () => {
      await stop();
      await start();
    },
    close: async () => {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

interface Urls {
  readonly api: string;
  readonly console: string;
}

function readUrls(child: ChildProcess, log: () => string): Promise<Urls> {
  return new Promise((resolve, reject) => {
    let text = '';
    const limit = setTimeout(() => {
      reject(new Error(`the server did not start in time:\n${log()}`));
    }, startLimitMs);
    child.once('exit', () => {
      clearTimeout(limit);
      reject(new Error(`the server ended at its start:\n${log()}`));
    });
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      const [api, pages] = [/^ {2}HTTP +(\S+)/m, /^ {2}Console +(\S+)/m].map((line) => line.exec(text)?.[1]);
      if (api === undefined || pages === undefined) return;
      clearTimeout(limit);
      resolve({ api, console: pages });
    });
  });
}
