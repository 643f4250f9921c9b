import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { runProgram } from './program.ts';

const weakServer = fileURLToPath(new URL('../../../packages/conformance/test-child/weak-server.mjs', import.meta.url));

async function run(args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const code = await runProgram(['at-rest', '--profile', 's3', ...args], {
    environment: { SECRET: 'a-secret-that-is-not-printed' },
    stdout: (text) => (written.stdout += text),
    stderr: (text) => (written.stderr += text),
  });
  return { code, ...written };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function folderWithTarget(weakness: string) {
  const folder = await mkdtemp(join(tmpdir(), 'at-rest-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const port = await freePort();
  const secret = { env: 'SECRET' };
  const target = {
    name: `a server with ${weakness}`,
    features: ['sse-c'],
    s3: { url: `http://127.0.0.1:${port}`, accessKeyId: 'anybody', secretAccessKey: secret },
    atRest: {
      dataDirectory: join(folder, 'data'),
      command: [process.execPath, weakServer, String(port), '{data}', weakness],
      environment: { WEAK_SERVER_KEY: secret },
    },
  };
  await writeFile(join(folder, 'target.json'), JSON.stringify(target));
  return folder;
}

it('does nothing unless it is said that the directory may be damaged', async () => {
  const folder = await folderWithTarget('none');
  const { code, stderr } = await run(['--target', join(folder, 'target.json')]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('--allow-damage')]);
  expect(await readdir(folder)).toEqual(['target.json']);
});

it.each([
  ['none', 0, 'pass at-rest/flip/sse-c/file'],
  ['no-tag', 1, 'FAIL at-rest/flip/sse-c/file'],
])('ends with what it found out about a server with the weakness %s', async (weakness, expected, said) => {
  const folder = await folderWithTarget(weakness);
  const json = join(folder, 'report.json');
  const chosen = ['--filter', 'flip/sse-c/file', '--json', json, '--server-log', join(folder, 'server.log')];
  const { code, stdout, stderr } = await run(['--target', join(folder, 'target.json'), '--allow-damage', ...chosen]);
  expect([code, stdout]).toEqual([expected, expect.stringContaining(said)]);
  expect(stderr).toContain('files are written');
  const report = await readFile(json, 'utf8');
  expect(JSON.parse(report)).toMatchObject({ format: 1, tier: 'at-rest', profile: 's3' });
  expect(stdout + stderr + report).not.toContain('a-secret');
  expect(await readdir(folder)).toEqual(['report.json', 'server.log', 'target.json']);
});

it.each([
  ['is no failure', [], 0],
  ['is one with --strict', ['--strict'], 1],
] as const)('what it cannot tell %s', async (_, flags, expected) => {
  const folder = await folderWithTarget('none');
  // One start is not enough for all of the flips.
  const chosen = ['--filter', 'canary/sse-c', 'flip/sse-c/file', '--starts', '1', '--quiet', ...flags];
  const { code, stdout, stderr } = await run(['--target', join(folder, 'target.json'), '--allow-damage', ...chosen]);
  expect([code, stderr]).toEqual([expected, '']);
  expect(stdout).toContain('CANNOT TELL at-rest/flip/sse-c/file');
  expect(stdout).toContain('1 pass, 1 cannot tell');
});
