import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, chown, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';

const execute = promisify(execFile);

/** A PostgreSQL server of its own in a temporary folder, listening on 127.0.0.1 only. */
export interface PostgresServer {
  readonly port: number;
  readonly directory: string;
  /** Starts it again after {@link stop}. */
  start(): Promise<void>;
  /**
   * Ends it. `fast`: connections are cut, transactions under way are undone; `immediate`: as by a crash. Resolves when
   * the process is gone.
   */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  /** Makes a standby the primary. Resolves when it takes writes. */
  promote(): Promise<void>;
  /** Sets parameters in its configuration file and has it read again. */
  configure(settings: Readonly<Record<string, string>>): Promise<void>;
  /** What it has logged. */
  log(): Promise<string>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

export interface PostgresOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** Makes a streaming standby of this server. Its `application_name` there is `standby`. */
  readonly standbyOf?: PostgresServer;
}

/** What tests need and a server of the real world does not have: no care for a machine's crash, and few resources. */
const testSettings = {
  listen_addresses: "'127.0.0.1'",
  unix_socket_directories: "''",
  shared_buffers: "'64MB'",
  max_connections: '200',
  // Only the machine's crash would show the difference; processes that are killed lose nothing.
  fsync: 'off',
  full_page_writes: 'off',
};

/** The programs refuse to run as root. */
const asPostgres = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];

/** Makes and starts a server. The programs are in `COFFER_SCALE_POSTGRES_BIN`. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const directory = await makeFolder();
  const port = await freePort();
  if (options.standbyOf === undefined) await initialise(directory);
  else await copyPrimary(directory, options.standbyOf.port);
  const server = new RunningServer(directory, port);
  try {
    await server.write({ ...testSettings, ...options.settings });
    await server.start();
  } catch (error) {
    await server.remove();
    throw error;
  }
  return server;
}

class RunningServer implements PostgresServer {
  readonly directory: string;
  readonly port: number;
  #process: ChildProcess | undefined;

  constructor(directory: string, port: number) {
    this.directory = directory;
    this.port = port;
  }

  async start(): Promise<void> {
    const [command, ...args] = commandLine('postgres', '-D', this.directory, '-p', `${this.port}`);
    const log = await open(join(this.directory, 'server.log'), 'a');
    this.#process = spawn(command, args, { stdio: ['ignore', 'ignore', log.fd] });
    await log.close();
    await this.#until(() => execute(program('pg_isready'), ['-q', '-h', '127.0.0.1', '-p', `${this.port}`]));
  }

  async stop(how: 'fast' | 'immediate'): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
    this.#process = undefined;
  }

  async promote(): Promise<void> {
    const [command, ...args] = commandLine('pg_ctl', 'promote', '-w', '-D', this.directory);
    await execute(command, args);
  }

  async configure(settings: Readonly<Record<string, string>>): Promise<void> {
    await this.write(settings);
    const [command, ...args] = commandLine('pg_ctl', 'reload', '-D', this.directory);
    await execute(command, args);
  }

  async write(settings: Readonly<Record<string, string>>): Promise<void> {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
    await appendFile(join(this.directory, 'postgresql.conf'), lines.join(''));
  }

  log(): Promise<string> {
    return readFile(join(this.directory, 'server.log'), 'utf8');
  }

  async remove(): Promise<void> {
    await this.stop('immediate');
    await rm(this.directory, { recursive: true, force: true });
  }

  async #until(works: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await works();
        return;
      } catch (cause) {
        const ended = typeof this.#process?.exitCode === 'number';
        if (ended || tries === 600) throw new ServerFailure(`PostgreSQL on port ${this.port} does not start`, cause);
        await delay(100);
      }
    }
  }
}

class ServerFailure extends Error {
  readonly code = 'server_failure';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
  }
}

async function makeFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'coffer-postgres-'));
  await chmod(directory, 0o700);
  if (asPostgres.length > 0) await chown(directory, await idOf('-u'), await idOf('-g'));
  return directory;
}

async function idOf(which: '-u' | '-g'): Promise<number> {
  return Number((await execute('id', [which, 'postgres'])).stdout);
}

async function initialise(directory: string): Promise<void> {
  const password = `${directory}.password`;
  await writeFile(password, 'postgres\n', { mode: 0o644 });
  try {
    const [command, ...args] = commandLine(
      'initdb',
      ...['-D', directory, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '-A', 'scram-sha-256'],
      ...['--no-sync', `--pwfile=${password}`],
    );
    await execute(command, args, { cwd: '/' });
  } finally {
    await rm(password);
  }
  const access = join(directory, 'pg_hba.conf');
  await appendFile(access, 'host replication postgres 127.0.0.1/32 scram-sha-256\n');
}

async function copyPrimary(directory: string, port: number): Promise<void> {
  const address = `host=127.0.0.1 port=${port} user=postgres password=postgres application_name=standby`;
  const [command, ...args] = commandLine('pg_basebackup', '-D', directory, '-R', '-c', 'fast', '-d', address);
  await execute(command, args, { cwd: '/' });
  const file = join(directory, 'postgresql.auto.conf');
  const written = await readFile(file, 'utf8');
  if (!written.includes('primary_conninfo')) throw new ServerFailure('The copy does not follow its primary', undefined);
}

function program(name: string): string {
  return join(process.env['COFFER_SCALE_POSTGRES_BIN'] ?? '', name);
}

function commandLine(name: string, ...args: string[]): [string, ...string[]] {
  const [first, ...rest] = [...asPostgres, program(name), ...args];
  return [first ?? name, ...rest];
}
