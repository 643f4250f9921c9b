import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { B2Cli } from './b2-cli.ts';
import { freshEncryptions, type Encryptions } from './encryption.ts';
import { LeakWatch } from './leak-watch.ts';
import type { Endpoint, ServerProcess } from './server-process.ts';
import { makeTestFile, type ContentKind, type TestFile } from './test-file.ts';
import { isShort, toolsLabel } from './tools.ts';
import { withServer } from './with-server.ts';

/** What a scenario works with: a running server, the b2 tool authorised with the master key, and a folder. */
export class World {
  readonly server: ServerProcess;
  readonly scheme: Endpoint['scheme'];
  readonly leaks = new LeakWatch();
  readonly modes: Encryptions = freshEncryptions();
  #scenario = 0;
  #b2: B2Cli | undefined;

  constructor(server: ServerProcess, scheme: Endpoint['scheme']) {
    this.server = server;
    this.scheme = scheme;
    this.leaks.applicationKey(server.credentials.key);
    for (const mode of Object.values(this.modes)) this.leaks.customerKey(mode as Encryptions['sseC1']);
  }

  get endpoint(): Endpoint {
    return this.server.endpoint(this.scheme);
  }

  /** Of this scenario alone. */
  get folder(): string {
    return join(this.server.folder, `scenario-${this.#scenario}`);
  }

  /** The tool, authorised with the master key. */
  get b2(): B2Cli {
    if (this.#b2 === undefined) throw new Error('no scenario has begun');
    return this.#b2;
  }

  /** A new home and account file for the next scenario. */
  async begin(): Promise<void> {
    this.#scenario++;
    mkdirSync(this.folder, { recursive: true });
    this.#b2 = this.anotherCli('home');
    await this.#b2.authorize(this.server.credentials);
  }

  /**
   * The tool with another account file, not yet authorised.
   *
   * @param testMode Sent as `X-Bz-Test-Mode` with every request.
   */
  anotherCli(name: string, testMode?: string): B2Cli {
    return new B2Cli(join(this.folder, name), this.endpoint, testMode);
  }

  file(name: string, size: number, kind?: ContentKind): TestFile {
    return makeTestFile(this.folder, name, size, kind);
  }

  /** A file that is going to be stored encrypted only, so that its content must not be found. */
  secretFile(name: string, size: number, kind?: ContentKind): TestFile {
    const file = this.file(name, size, kind);
    this.leaks.plaintext(file);
    return file;
  }

  /** Makes a private bucket. Its name is returned. */
  async bucket(...options: readonly string[]): Promise<string> {
    const name = `interop-${randomBytes(6).toString('hex')}`;
    await this.b2.ok(['bucket', 'create', ...options, name, 'allPrivate']);
    return name;
  }

  /** How many requests for an operation the server has logged so far. */
  requestsFor(operation: string): number {
    const logs = readdirSync(this.server.logFolder).filter((name) => name.endsWith('.log'));
    const text = logs.map((name) => readFileSync(join(this.server.logFolder, name), 'utf8')).join('');
    return text.split('\n').filter((line) => line.includes(`"operation":"${operation}"`)).length;
  }

  /** Fails if a key, a secret or plaintext is on the server's disk or in what it said. */
  async expectNoLeak(): Promise<void> {
    expect(await this.leaks.search([this.server.dataFolder, this.server.logFolder])).toEqual([]);
  }
}

/**
 * How long the log may lag behind the answers: it goes through a pipe, so what is counted in it has to be waited for.
 */
export const logged = { timeout: 60_000 } as const;

/** For scenarios about what a client asks and is told, where TLS could make no difference. */
export const httpOnly = ['http'] as const;

/**
 * Declares scenarios over HTTP and over HTTPS, each against a server of its own. After each scenario the server's disk
 * and logs are searched for everything secret that it has seen until then.
 *
 * @param options More of the server's command line.
 */
export function scenarios(
  title: string,
  declare: (world: () => World) => void,
  options: readonly string[] = [],
  schemes: readonly Endpoint['scheme'][] = ['http', 'https'],
): void {
  describe.each(isShort ? schemes.slice(0, 1) : schemes)(`${title}${toolsLabel} over %s`, (scheme) => {
    const server = withServer(options);
    let world: World | undefined;
    const current = (): World => (world ??= new World(server(), scheme));
    beforeEach(async () => {
      await current().begin();
    });
    afterEach(async () => {
      await current().expectNoLeak();
    });
    declare(current);
  });
}
