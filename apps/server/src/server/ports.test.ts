import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { CliServer } from '../test-support/cli-server.ts';
import { testPlaces } from '../test-support/temporary-place.ts';

const { temporaryDirectory } = testPlaces(onTestFinished);
vi.setConfig({ testTimeout: 180_000 });

function serve(args: readonly string[]): CliServer {
  const server = new CliServer(args);
  onTestFinished(() => server.end('SIGKILL').then(() => undefined));
  return server;
}

/** `127.0.0.1` and a port that another program has. */
async function takenAddress(): Promise<string> {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  return `127.0.0.1:${(taken.address() as AddressInfo).port}`;
}

/** A port that nobody has. */
async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}

it.each([
  ['--listen', []],
  ['--admin-listen', []],
  ['--https-listen', ['--dev-tls']],
  ['--listen', ['--workers', '2']],
])('%s with a port that is taken (%o): nothing is made, and the next start is the first', async (flag, more) => {
  const root = await temporaryDirectory();
  const address = await takenAddress();
  const refused = serve(['--data', join(root, 'data'), ...more, flag, address]);
  expect(await refused.exit).toBe(6);
  expect(refused.stderr).toContain(`cannot listen at ${address}: another program listens there already.`);
  expect(refused.stderr).toContain(`${flag} HOST:PORT`);
  expect(await readdir(root)).toEqual([]);
  const next = await serve([
    '--data',
    join(root, 'data'),
    ...more,
    '--https-listen',
    '127.0.0.1:0',
    '--dev-tls',
  ]).ready();
  expect(next.stdout).toContain('b2 bucket create');
});

it.each([
  ['nowhere.invalid:0', 'the host name nowhere.invalid is not known here'],
  ['192.0.2.1:0', 'this machine has no such address'],
])('%s: %s', async (address, reason) => {
  const root = await temporaryDirectory();
  const refused = serve(['--data', join(root, 'data'), '--listen', address]);
  expect(await refused.exit).toBe(6);
  expect(refused.stderr).toContain(reason);
  expect(refused.stderr).toContain('Choose an address of this machine with --listen HOST:PORT (COFFER_LISTEN)');
  expect(await readdir(root)).toEqual([]);
});

it('two listeners with one port', async () => {
  const root = await temporaryDirectory();
  const address = await freeAddress();
  const refused = serve(['--data', join(root, 'data'), '--listen', address, '--admin-listen', address]);
  expect(await refused.exit).toBe(6);
  expect(refused.stderr).toContain(`--listen and --admin-listen both name ${address}`);
  expect(await readdir(root)).toEqual([]);
});

it('the same server started twice is told of the other server, and not of its port', async () => {
  const args = ['--data', join(await temporaryDirectory(), 'data'), '--listen', await freeAddress()];
  const first = await serve(args).ready();
  const second = serve(args);
  expect(await second.exit).toBe(4);
  expect(second.stderr).toContain(`in use by another server (process ${first.child.pid})`);
});
