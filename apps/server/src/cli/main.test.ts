import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, openSync, readSync, closeSync } from 'node:fs';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { expect, it, onTestFinished, vi } from 'vitest';
import { certificatePath, devCertificate } from '../tls/dev-certificate.ts';
import { call, uploadHeaders } from '../test-support/b2-calls.ts';
import { CliServer, patience, spawnCommand } from '../test-support/cli-server.ts';
import { runCommand, runCommandOn } from '../test-support/run-command.ts';
import { testPlaces } from '../test-support/temporary-place.ts';

const { temporaryDirectory } = testPlaces(onTestFinished);
vi.setConfig({ testTimeout: 180_000 });

async function serve(args: readonly string[] = [], environment = {}, stderr?: number): Promise<CliServer> {
  const data = join(await temporaryDirectory(), 'data');
  const server = new CliServer(['--data', data, ...args], environment, stderr);
  onTestFinished(() => server.end('SIGKILL').then(() => undefined));
  return server.ready();
}

/** Requests until the server has said more than any pipe holds, each of them answered. */
async function askOften(server: CliServer, times = 400): Promise<void> {
  for (let i = 0; i < times; i += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(`${server.url}/file/bucket/${i}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
  }
}

async function droppedLines(server: CliServer): Promise<number> {
  return Number(/^coffer_log_lines_dropped_total (\d+)$/m.exec(await server.admin('/metrics'))?.[1]);
}

it.each([[['--help']], [['version']]])('%j ends quietly when nobody reads it', async (args) => {
  const child = spawnCommand(args, ['ignore', 'pipe', 'pipe']);
  child.stdout?.destroy();
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, said]).toEqual([0, '']);
});

it('a command whose output finds no room says so', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawnCommand(['version'], ['ignore', full, 'pipe']);
  closeSync(full);
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, said]).toEqual([1, 'coffer: The output cannot be written: there is no space left on the disk.\n']);
});

it('a log on a full disk neither ends nor blocks the server, and what it loses is counted', async () => {
  const full = openSync('/dev/full', 'w');
  const server = await serve(['--log-level', 'debug'], {}, full);
  closeSync(full);
  await askOften(server, 40);
  expect(await droppedLines(server)).toBeGreaterThan(40);
  expect(await server.end('SIGTERM')).toBe(0);
});

it('a log in a pipe that nobody reads neither ends nor blocks the server, and goes on where somebody does', async () => {
  const pipe = join(await temporaryDirectory(), 'log');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(pipe, 'w');
  const server = await serve(['--log-level', 'debug'], {}, writer);
  await askOften(server);
  const piece = Buffer.alloc(2 ** 16);
  let text = '';
  await vi.waitFor(() => {
    text += piece.toString('utf8', 0, readSync(reader, piece));
    const lines = text.split('\n').slice(0, -1);
    for (const line of lines) JSON.parse(line);
    expect(lines.filter((line) => line.includes('"msg":"b2_download_file_by_name 404"'))).toHaveLength(400);
  }, patience);
  closeSync(writer);
  expect(await server.end('SIGTERM')).toBe(0);
  closeSync(reader);
});

it('a log in a socket that nobody reads, and that is closed then, neither ends nor blocks the server', async () => {
  const server = await serve(['--log-level', 'debug']);
  server.child.stderr?.pause();
  await askOften(server, 600);
  server.child.stderr?.destroy();
  await askOften(server, 40);
  // What waits is given up at the next attempt to write it.
  await vi.waitFor(async () => {
    expect(await droppedLines(server)).toBeGreaterThan(0);
  }, patience);
  expect(await server.end('SIGTERM')).toBe(0);
});

/** The certificate that the server shows now. */
async function shownCertificate(server: CliServer): Promise<string> {
  const { hostname: host, port } = new URL(server.secureUrl);
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

/** Names of installed packages that a process had loaded when it ended, by its coverage. */
async function loadedPackages(coverage: string): Promise<ReadonlySet<string>> {
  const files = await Promise.all((await readdir(coverage)).map((name) => readFile(join(coverage, name), 'utf8')));
  return new Set(
    files
      .flatMap((text) => [...text.matchAll(/node_modules\/((?:@[^/"]+\/)?[^/."][^/"]*)\/[^"]*"/g)])
      .map(([, name]) => name ?? ''),
  );
}

it('SIGHUP has a server of one process take certificate and keyring anew, and what is wrong with them keeps the old ones', async () => {
  const place = await temporaryDirectory();
  const [one, two] = [join(place, 'one'), join(place, 'two')];
  for (const directory of [one, two]) await devCertificate(directory, Date.now());
  const [cert, key] = [join(place, 'cert.pem'), join(place, 'key.pem')];
  const install = async (directory: string) => {
    await copyFile(certificatePath(directory), cert);
    await copyFile(join(directory, 'key.pem'), key);
  };
  await install(one);
  const coverage = join(place, 'coverage');
  const tls = ['--tls-cert', cert, '--tls-key', key, '--https-listen', '127.0.0.1:0'];
  const server = await serve(tls, { NODE_V8_COVERAGE: coverage });
  const data = /Data +(\S+)/.exec(server.stdout)![1]!;
  const reload = async (expected: number) => {
    server.child.kill('SIGHUP');
    await vi.waitFor(() => {
      expect(server.log.filter(({ msg }) => msg === 'reloaded')).toHaveLength(expected);
    }, patience);
  };
  const session = await server.session();
  const bucketId = await session.createBucket('my-bucket');
  const before = await shownCertificate(server);
  await install(two);
  const rotated = await runCommand('keyring', 'rotate', '--data', data);
  const [added] = /gk_\w+/.exec(rotated.stdout)!;
  expect(await shownCertificate(server)).toBe(before);
  await reload(1);
  const after = await shownCertificate(server);
  expect(after).not.toBe(before);
  await session.upload(bucketId, 'a', Buffer.from('x'), { 'X-Bz-Server-Side-Encryption': 'AES256' });
  const record = await runCommand('export-record', '--data', data, '--bucket', 'my-bucket', '--name', 'a');
  expect(record.stdout).toContain(added);

  await copyFile(certificatePath(one), key);
  await reload(2);
  expect(await shownCertificate(server)).toBe(after);
  expect(server.log.filter(({ level }) => level === 'error')).toMatchObject([
    { msg: 'the certificate cannot be reloaded', err: { code: 'network' } },
  ]);
  expect((await session.download('my-bucket', 'a')).bytes.toString()).toBe('x');
  expect(await server.end('SIGTERM')).toBe(0);

  const loaded = await loadedPackages(coverage);
  expect(loaded).toContain('pino');
  for (const unneeded of ['selfsigned', 'pino-pretty']) expect(loaded).not.toContain(unneeded);
});

it('what makes certificates and prints the log for people is loaded where it is needed', async () => {
  const coverage = join(await temporaryDirectory(), 'coverage');
  const tls = ['--dev-tls', '--https-listen', '127.0.0.1:0'];
  const server = await serve([...tls, '--log-format', 'pretty'], { NODE_V8_COVERAGE: coverage });
  expect(await server.end('SIGTERM')).toBe(0);
  const loaded = await loadedPackages(coverage);
  for (const needed of ['selfsigned', 'pino-pretty']) expect(loaded).toContain(needed);
});

it('names variables that look as if they were settings, and says which was meant', async () => {
  const environment = { COFFER_LOGLEVEL: 'debug', COFFER_SERVICE_HOST: '10.0.0.1', COFFER_PORT: 'tcp://10.0.0.1:8920' };
  const server = await serve([], environment);
  expect(server.log[0]).toMatchObject({
    level: 'warn',
    msg: 'The environment variable COFFER_LOGLEVEL is not known, and was ignored. Did you mean COFFER_LOG_LEVEL?',
  });
  expect(server.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
  expect(await server.end('SIGTERM')).toBe(0);
  const data = /Data +(\S+)/.exec(server.stdout)![1]!;
  const shown = await runCommandOn({ environment: { COFFER_DAAT: 'x' } }, 'keys', 'show-master', '--data', data);
  expect(shown).toMatchObject({ code: 0, stderr: expect.stringContaining('Did you mean COFFER_DATA?') as string });
});

it('takes two signals at once for one Ctrl-C, and one that comes later as the wish to stop at once', async () => {
  const server = await serve();
  const socket = connectPlain(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const session = await server.session();
  const bucketId = await session.createBucket('my-bucket');
  const target = await session.api('b2_get_upload_url', { bucketId });
  const headers = uploadHeaders(String(target['authorizationToken']), 'name', Buffer.alloc(9));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `POST ${new URL(String(target['uploadUrl'])).pathname} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n${lines.join('')}\r\n`,
  );
  await once(socket, 'data');
  server.child.kill('SIGINT');
  server.child.kill('SIGTERM');
  await vi.waitFor(() => {
    expect(server.log.at(-1)).toMatchObject({ msg: 'stopping', active: 1 });
  }, patience);
  socket.write('123456789');
  expect(await server.exit).toBe(0);

  const stuck = await serve();
  const held = connectPlain(Number(new URL(stuck.url).port), '127.0.0.1');
  held.on('error', () => undefined);
  onTestFinished(() => void held.destroy());
  await once(held, 'connect');
  held.write('GET / HTTP/1.1\r\n');
  stuck.child.kill('SIGINT');
  await vi.waitFor(() => {
    stuck.child.kill('SIGINT');
    expect(stuck.child.signalCode).toBe('SIGINT');
  }, patience);
});
