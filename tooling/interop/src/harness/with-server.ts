import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, onTestFailed } from 'vitest';
import { workFolder } from './paths.ts';
import { ServerProcess } from './server-process.ts';
import { serverOptions } from './tools.ts';

/**
 * Gives the tests of the enclosing `describe` a started server in a fresh folder. The folder is kept if one of them
 * fails.
 *
 * @param options More of the server's command line.
 */
export function withServer(options: readonly string[] = []): () => ServerProcess {
  let server: ServerProcess | undefined;
  let failed = false;
  beforeAll(async () => {
    mkdirSync(workFolder, { recursive: true });
    server = new ServerProcess(mkdtempSync(join(workFolder, 'run-')), [...serverOptions, ...options]);
    await server.start();
  });
  beforeEach(() => {
    onTestFailed(() => {
      failed = true;
    });
  });
  afterAll(async () => {
    await server?.stop();
    if (!failed && server !== undefined) rmSync(server.folder, { recursive: true });
  });
  return () => {
    if (server === undefined) throw new Error('the server did not start');
    return server;
  };
}
