import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFailed } from 'vitest';
import { expectSuccess } from './command.ts';
import { LeakWatch } from './leak-watch.ts';
import { workFolder } from './paths.ts';
import { RealNameNetwork } from './real-name.ts';
import { ServerProcess } from './server-process.ts';
import { makeTestFile, type TestFile } from './test-file.ts';

/** What a scenario in a network of its own works with. The server encrypts everything. */
export class RealNameWorld {
  readonly folder = mkdtempSync(join(workFolder, 'run-'));
  readonly network = new RealNameNetwork(join(this.folder, 'network'));
  readonly leaks = new LeakWatch();
  /** For a bucket that is not there yet. */
  readonly bucket = `interop-${randomBytes(6).toString('hex')}`;
  #server: ServerProcess | undefined;

  get server(): ServerProcess {
    if (this.#server === undefined) throw new Error('the server has not been started');
    return this.#server;
  }

  async start(): Promise<void> {
    await this.network.open();
    const { serverOptions, launcher } = this.network;
    this.#server = new ServerProcess(this.folder, [...serverOptions, '--encrypt-by-default'], launcher);
    await this.#server.start();
    this.leaks.applicationKey(this.#server.credentials.key);
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.network.close();
  }

  /** Makes a file whose content must not be found on the server. */
  secretFile(folder: string, name: string, size: number): TestFile {
    mkdirSync(folder, { recursive: true });
    const file = makeTestFile(folder, name, size);
    this.leaks.plaintext(file);
    return file;
  }

  /** What a client said that was given `stdin` to read. @throws Error unless it ended with 0. */
  async ok(command: readonly string[], variables: Readonly<Record<string, string>>, stdin?: string): Promise<string> {
    return expectSuccess(await this.network.run(command, variables, stdin)).stdout.toString();
  }
}

/** Gives the tests of the enclosing `describe` a network and a server. The folder is kept if one of them fails. */
export function withRealName(): () => RealNameWorld {
  let world: RealNameWorld | undefined;
  let failed = false;
  const current = (): RealNameWorld => {
    if (world === undefined) throw new Error('nothing was started');
    return world;
  };
  beforeAll(async () => {
    mkdirSync(workFolder, { recursive: true });
    world = new RealNameWorld();
    await world.start();
  });
  beforeEach(() => {
    onTestFailed(() => {
      failed = true;
    });
  });
  afterEach(async () => {
    const { leaks, server } = current();
    expect(await leaks.search([server.dataFolder, server.logFolder])).toEqual([]);
  });
  afterAll(async () => {
    await world?.stop();
    if (!failed && world !== undefined) rmSync(world.folder, { recursive: true });
  });
  return current;
}
