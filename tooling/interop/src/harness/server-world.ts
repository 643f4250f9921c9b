import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freshEncryptions, type Encryptions } from './encryption.ts';
import { LeakWatch } from './leak-watch.ts';
import type { Endpoint, ServerProcess } from './server-process.ts';
import { makeTestFile, type ContentKind, type TestFile } from './test-file.ts';

/** What every scenario works with: a running server, a folder, customer keys, and the watch for leaks. */
export class ServerWorld {
  readonly server: ServerProcess;
  readonly scheme: Endpoint['scheme'];
  readonly leaks = new LeakWatch();
  readonly modes: Encryptions = freshEncryptions();
  #scenario = 0;

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

  /** A new folder for the next scenario. */
  begin(): Promise<void> {
    this.#scenario++;
    mkdirSync(this.folder, { recursive: true });
    return Promise.resolve();
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
