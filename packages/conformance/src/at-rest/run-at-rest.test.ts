import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseTarget, type Target } from '../target/target.ts';
import { holdsAtRest, printAtRestSummary, type AtRestReport } from './at-rest-report.ts';
import { runAtRest, type AtRestOptions } from './run-at-rest.ts';

const program = fileURLToPath(new URL('../../test-child/weak-server.mjs', import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'at-rest-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function weakTarget(weakness: string, dataDirectory: string, directory = '{data}'): Promise<Target> {
  const port = await freePort();
  return parseTarget({
    name: `a server with ${weakness}`,
    s3: {
      url: `http://127.0.0.1:${port}`,
      ...{ accessKeyId: 'anybody', secretAccessKey: { env: 'SECRET' }, minimumPartSize: 70_001 },
    },
    features: ['sse-s3', 'sse-c', 'multipart', 'versions'],
    atRest: {
      dataDirectory,
      command: [process.execPath, program, String(port), directory, weakness],
      environment: { WEAK_SERVER_KEY: { env: 'SECRET' } },
    },
  });
}

const environment = { SECRET: 'a secret of the tests' };

async function run(weakness: string, options: Partial<AtRestOptions> = {}): Promise<AtRestReport> {
  const target = await weakTarget(weakness, await emptyFolder());
  return runAtRest({ target, profile: 's3', environment, allowDamage: true, ...options });
}

const failed = ({ results }: AtRestReport) => results.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);

it('finds nothing wrong with a server that has no weakness', async () => {
  const report = await run('none');
  if (process.env['SHOW']) console.log(printAtRestSummary(report));
  expect(failed(report)).toEqual([]);
});

describe.each([
  ['plaintext'], ['fixed-iv'], ['no-tag'], ['convergent'], ['code-book'], ['loose-chunks'],['unbound-files'],['unbound-versions'],['unbound-attempts'],['unverified-ranges'],['accepts-plain'],['key-in-index'],['key-in-log'],['temporary-file'],['ends-at-damage']
])('%s', (weakness) => {
  it('catches', async () => {
    const report = await run(weakness);
    console.log(weakness, failed(report), report.milliseconds, report.starts);
    if (process.env['SHOW']) console.log(printAtRestSummary(report));
  });
});
