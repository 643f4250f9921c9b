import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preview, type PreviewServer } from 'vite';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));
const startLimitMs = 60_000;

/** A server in a process and a directory of its own, and the console in front of it. */
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
  const state: { log: string; child: ChildProcess | undefined; url: string | undefined } = {
    ...{ log: '', child: undefined, url: undefined },
  };
  const start = async (): Promise<string> => {
    const listen = state.url === undefined ? '127.0.0.1:0' : new URL(state.url).host;
    const child = spawn(
      process.execPath,
      [
        ...['--conditions=@coffer/source', '--import', join(repository, 'tooling/config/run-source/register.mjs')],
        ...[join(repository, 'apps/server/src/main.ts'), 'serve', '--data', join(folder, 'data')],
        ...['--listen', listen, '--admin-listen', 'off', '--log-level', 'debug', ...options],
      ],
      {
        cwd: folder,
        env: { ...process.env, COFFER_MASTER_KEY_ID: keyId, COFFER_MASTER_KEY: key },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    state.child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (state.log += text));
    return (state.url = await readUrl(child, () => state.log));
  };
  const stop = async (): Promise<void> => {
    const { child } = state;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  const apiUrl = await start();
  const pages = await servePages(apiUrl);
  return {
    consoleUrl: pages.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? '',
    apiUrl,
    ...{ keyId, key, dataFolder: join(folder, 'data'), log: () => state.log },
    restart: async () => {
      await stop();
      await start();
    },
    close: async () => {
      await pages.close();
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

function readUrl(child: ChildProcess, log: () => string): Promise<string> {
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
      const url = /^ {2}HTTP +(\S+)/m.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(limit);
      resolve(url);
    });
  });
}

/** The built pages with the API behind the same origin. */
async function servePages(apiUrl: string): Promise<PreviewServer> {
  const root = join(repository, 'apps/web-console');
  await readFile(join(root, 'dist/index.html')).catch(() => {
    throw new Error('the console is not built: use tooling/console-tests/run');
  });
  const proxy = Object.fromEntries(['/b2api', '/file', '/cofferapi'].map((path) => [path, { target: apiUrl }]));
  return preview({
    ...{ root, configFile: false, logLevel: 'error' },
    preview: {
      ...{ host: '127.0.0.1', port: 20_000 + Math.floor(Math.random() * 20_000), proxy },
      headers: {
        'Content-Security-Policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
          "worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
      },
    },
  });
}
