import { readFileSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runProgram } from './program.ts';

async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}, signal?: AbortSignal) {
  const written = { stdout: '', stderr: '' };
  const code = await runProgram(args, {
    environment,
    stdout: (text) => (written.stdout += text),
    stderr: (text) => (written.stderr += text),
    ...(signal !== undefined && { signal }),
  });
  return { code, ...written };
}

async function targetFile(target: unknown): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'conformance-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, 'target.json');
  await writeFile(path, JSON.stringify(target));
  return path;
}

it('lists the cases of a profile by a filter', async () => {
  const { code, stdout } = await run(['run', '--profile', 's3', '--list', '--filter', 'get-wrong-key']);
  expect([code, stdout]).toEqual([0, 's3/objects/sse-c/get-wrong-key: GET of an object with SSE-C with another key\n']);
});

it('explains a case', async () => {
  const { code, stdout } = await run(['run', '--profile', 's3', '--explain', 's3/objects/sse-c/get-wrong-key']);
  expect(code).toBe(0);
  expect(stdout).toContain('An object with SSE-C is not given out for another key than its own.');
  expect(stdout).toContain('2. GET k\n');
  expect(stdout).toContain('expects status 403 or 400');
});

it('prints presets and the schema of the report', async () => {
  expect((await run(['presets'])).stdout).toContain('minio: MinIO\n');
  expect(JSON.parse((await run(['schema'])).stdout)).toMatchObject({ type: 'object', additionalProperties: false });
});

it.each([
  ['an unknown profile', ['run', '--profile', 's4', '--list'], 's4'],
  ['a filter that no case has', ['run', '--profile', 's3', '--list', '--filter', 'nowhere'], 'nowhere'],
  ['a case that there is not', ['run', '--profile', 's3', '--explain', 's3/nothing'], 's3/nothing'],
  ['no target', ['run', '--profile', 's3'], '--target'],
  ['a target that is no file', ['run', '--profile', 's3', '--target', '/nowhere/target.json'], 'cannot be read'],
  ['a concurrency of 0', ['run', '--profile', 's3', '--concurrency', '0'], 'whole number'],
])('ends with 2 for %s', async (_, args, said) => {
  const { code, stderr } = await run(args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
});

it('ends with 2 for a secret that is not set, and with 3 for an endpoint that does not answer', async () => {
  const secretAccessKey = { env: 'SECRET' };
  // Port 1 of this machine: nobody listens there.
  const s3 = { url: 'http://127.0.0.1:1', accessKeyId: 'someone', secretAccessKey };
  const args = ['run', '--profile', 's3', '--quiet', '--target', await targetFile({ name: 'nobody', s3 })];
  expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('SECRET') as unknown });
  const { code, stderr } = await run(args, { SECRET: 'a-secret-that-is-not-printed' });
  expect([code, stderr]).toEqual([3, expect.stringContaining('http://127.0.0.1:1')]);
  expect(stderr).not.toContain('a-secret');
});

/** An S3 endpoint that answers everything with an empty success; says where it is. */
async function emptyEndpoint(onRequest: (line: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    onRequest(`${request.method} ${request.url}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('ends with 4 when it is interrupted, after it has removed the bucket and printed what it knows', async () => {
  const abort = new AbortController();
  const lines: string[] = [];
  const url = await emptyEndpoint((line) => {
    lines.push(line);
    abort.abort();
  });
  const s3 = { url, accessKeyId: 'someone', secretAccessKey: { env: 'SECRET' } };
  const args = ['run', '--profile', 's3', '--target', await targetFile({ name: 'empty', s3 })];
  const { code, stdout } = await run(args, { SECRET: 'x' }, abort.signal);
  expect([code, stdout]).toEqual([4, expect.stringMatching(/^interrupted: \d+ cases did not run\nempty, s3: no case/)]);
  expect([lines[0], lines.at(-1)]).toEqual([
    expect.stringMatching(/^PUT \/conformance-\w+-0$/),
    expect.stringMatching(/^DELETE \/conformance-\w+-0$/),
  ]);
});

it.each(['--json', '--junit'])(
  'ends with 2, before anything is sent, if the file of %s cannot be written',
  async (flag) => {
    const lines: string[] = [];
    const url = await emptyEndpoint((line) => lines.push(line));
    const s3 = { url, accessKeyId: 'someone', secretAccessKey: { env: 'SECRET' } };
    const args = ['run', '--profile', 's3', '--target', await targetFile({ name: 'empty', s3 })];
    const { code, stderr } = await run([...args, flag, '/nowhere/report'], { SECRET: 'x' });
    expect([code, stderr, lines]).toEqual([2, '/nowhere/report cannot be written.\n', []]);
  },
);

/** Port 1 of this machine: nobody listens there. */
const nobody = {
  name: 'nobody',
  s3: { url: 'http://127.0.0.1:1', accessKeyId: 'a', secretAccessKey: { env: 'S' } },
};

it('refuses, before anything is sent, to write over the target or one report over another', async () => {
  const file = await targetFile(nobody);
  const before = await readFile(file, 'utf8');
  const report = join(dirname(file), 'report');
  for (const args of [
    ['--json', file],
    ['--json', report, '--html', report],
    ['--resume', report, '--junit', report],
  ]) {
    const { code, stderr } = await run(['run', '--profile', 's3', '--target', file, ...args], { S: 'x' });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/ is named twice, and one would overwrite the other\.\n$/),
    ]);
  }
  expect(await readFile(file, 'utf8')).toBe(before);
});

it('makes no file for a report of a run that cannot begin, and leaves the one that is there', async () => {
  const file = await targetFile(nobody);
  const [fresh, old] = [join(dirname(file), 'fresh.json'), join(dirname(file), 'old.xml')];
  await writeFile(old, 'of an earlier run');
  const args = ['run', '--profile', 's3', '--quiet', '--target', file, '--json', fresh, '--junit', old];
  expect((await run(args, { S: 'x' })).code).toBe(3);
  await expect(readFile(fresh)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readFile(old, 'utf8')).toBe('of an earlier run');
});

it('prints the summary even if a report can no longer be written', async () => {
  const file = await targetFile({});
  const path = join(dirname(file), 'reports', 'report.json');
  await mkdir(dirname(path));
  const abort = new AbortController();
  const url = await emptyEndpoint(() => {
    rmSync(dirname(path), { recursive: true, force: true });
    abort.abort();
  });
  await writeFile(
    file,
    JSON.stringify({ name: 'empty', s3: { url, accessKeyId: 'a', secretAccessKey: { env: 'S' } } }),
  );
  const args = ['run', '--profile', 's3', '--target', file, '--json', path];
  const { code, stdout, stderr } = await run(args, { S: 'x' }, abort.signal);
  expect([code, stdout, stderr]).toEqual([2, expect.stringContaining('empty, s3:'), expect.stringContaining(path)]);
});

it('says what the system refused, without a stack trace', async () => {
  let said = '';
  const code = await runProgram(['presets'], {
    environment: {},
    stdout: () => readFileSync('/there/is/no/such/file'),
    stderr: (text) => (said += text),
  });
  expect([code, said]).toEqual([2, "ENOENT: no such file or directory, open '/there/is/no/such/file'\n"]);
});
