import { spawn, type ChildProcess, type SpawnOptions, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { authorize, call, type Session } from './b2-calls.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const register = fileURLToPath(new URL('../../../../tooling/config/run-source/register.mjs', import.meta.url));

/** Processes start slowly where many tests run at once. */
export const patience = { timeout: 150_000, interval: 20 };

/** The master key of every such server: it is not printed into a pipe. */
const credentials = { COFFER_MASTER_KEY: 'K001xSZNCdHkPQh4W4AYpfRUoD0a2Ah', COFFER_MASTER_KEY_ID: '0123456789ab' };

/** The command from source, in a process of its own; of another user if one is given. */
export function spawnCommand(
  args: readonly string[],
  stdio: StdioOptions,
  environment = {},
  user: Pick<SpawnOptions, 'uid' | 'gid'> = {},
): ChildProcess {
  const node = ['--conditions=@coffer/source', `--import=${register}`, main];
  const env = { PATH: process.env['PATH'], ...environment };
  return spawn(process.execPath, [...node, ...args], { stdio, env, ...user });
}

/** `coffer serve` in processes of its own, from source. */
export class CliServer {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #secret: string;
  readonly #exit: Promise<number | null>;

  /** @param stderr Where the log goes, a descriptor; by default it is collected. */
  constructor(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    stderr: 'pipe' | number = 'pipe',
  ) {
    const local = ['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', '--console-listen', 'off'];
    const stdio: StdioOptions = ['ignore', 'pipe', stderr];
    this.child = spawnCommand(['serve', ...local, '--log-format', 'json', ...args], stdio, {
      ...credentials,
      ...environment,
    });
    this.#secret = environment['COFFER_MASTER_KEY'] ?? credentials.COFFER_MASTER_KEY;
    this.child.stdout?.on('data', (text: Buffer) => (this.stdout += text.toString()));
    this.child.stderr?.on('data', (text: Buffer) => (this.stderr += text.toString()));
    this.#exit = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves when the banner is there. */
  async ready(): Promise<this> {
    await vi.waitFor(() => {
      if (this.child.exitCode !== null) return;
      if (!this.stdout.includes('curl -u')) throw new Error(`Not ready: ${this.stderr}`);
    }, patience);
    if (this.child.exitCode !== null) throw new Error(`The server ended: ${this.stderr}`);
    return this;
  }

  get url(): string {
    return this.#said(/HTTP +(http:\S+)/);
  }

  /** Of the HTTPS listener. */
  get secureUrl(): string {
    return this.#said(/HTTPS +(https:\S+)/);
  }

  /** The account of the master key. */
  session(): Promise<Session> {
    return authorize(this.url, this.#said(/Key id +(\S+)/), this.#secret);
  }

  /** What the operator's listener answers. */
  async admin(path: string): Promise<string> {
    return (await call(`${this.#said(/Admin +(http:\S+)/)}${path}`)).bytes.toString();
  }

  /** The log so far. */
  get log(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.stderr.split('\n').slice(0, -1);
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Process ids of all workers that have begun to serve, in that order. */
  get workers(): readonly number[] {
    return this.log.filter(({ msg }) => msg === 'worker serves').map(({ worker }) => Number(worker));
  }

  /** Ends it; its exit code once all of its processes have ended. */
  end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.#exit;
  }

  get exit(): Promise<number | null> {
    return this.#exit;
  }

  #said(pattern: RegExp): string {
    const found = pattern.exec(this.stdout)?.[1];
    if (found === undefined) throw new Error(`The banner has no ${String(pattern)}`);
    return found;
  }
}

/**
 * Until all workers serve: one that does not answer at once, as on a busy machine, counts as one that does not serve.
 */
export async function isReady(server: CliServer): Promise<void> {
  await vi.waitFor(async () => {
    expect(await server.admin('/readyz')).toBe('ready\n');
  }, patience);
}

/** Whether there is a process with that id that has not ended. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !isZombie(pid);
}

/**
 * Whether it has ended and nobody has asked how: in some containers nobody ever asks after a process whose parent is
 * gone.
 */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}
