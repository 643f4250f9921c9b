import { reportSchema, type CaseResult, type Report } from '@coffer/conformance';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runProgram } from './program.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'conformance-'));
  return () => rm(directory, { recursive: true });
});

async function run(...args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const code = await runProgram(args, {
    environment: { SECRET: 'a-secret-that-is-not-written' },
    stdout: (text) => (written.stdout += text),
    stderr: (text) => (written.stderr += text),
  });
  return { code, ...written };
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function reportIn(path: string): Promise<Report> {
  return reportSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

function reportOf(outcomes: Readonly<Record<string, CaseResult['outcome']>>): Report {
  const results = Object.entries(outcomes).map(([id, outcome]): CaseResult => ({
    ...{ id, title: id, requirement: 'Something.', source: { kind: 'rfc', name: 'none' }, outcome },
    ...{ problems: [], missing: [], exchanges: [], milliseconds: 1 },
  }));
  const counts = { pass: 0, fail: 0, skipped: 0, deviation: 0, error: 0 };
  for (const { outcome } of results) counts[outcome]++;
  return {
    ...{ format: 1, suiteVersion: '1.0.0', target: 'a', profile: 's3', started: '2026-01-02T03:04:05Z' },
    ...{ milliseconds: 1, counts, results, notRun: 0 },
    ...{ passedDeviations: [], leftBehind: [], made: [] },
  };
}

describe('diff', () => {
  it('ends with 1 and says what got worse', async () => {
    const [before, after] = [
      await file('a.json', reportOf({ one: 'pass' })),
      await file('b.json', reportOf({ one: 'fail' })),
    ];
    expect(await run('diff', before, after)).toMatchObject({
      code: 1,
      stdout: 'WORSE one (pass -> fail): one\n1 worse, 0 better, 0 otherwise, 0 new, 0 gone, 0 as before\n',
    });
    expect(await run('diff', after, before)).toMatchObject({ code: 0 });
    const { code, stdout } = await run('diff', before, after, '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      { worse: [{ id: 'one', before: 'pass', after: 'fail' }], same: 0 },
    ]);
  });

  it.each([
    ['is not there', undefined, 'is not there'],
    ['is not JSON', 'nothing', 'is no report'],
    ['is of another form', '{"format":2}', 'is no report'],
  ])('ends with 2 for a report that %s', async (_, content, said) => {
    const good = await file('a.json', reportOf({}));
    const bad = content === undefined ? join(directory, 'nowhere.json') : await file('b.json', content);
    expect(await run('diff', good, bad)).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(said) as unknown,
    });
  });
});

/** An S3 endpoint that answers everything with an empty success, and a run against it. */
async function emptyEndpoint() {
  const lines: string[] = [];
  const server = createServer((request, response) => {
    lines.push(`${request.method} ${request.url}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const s3 = {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, accessKeyId: 'someone' },
    secretAccessKey: { env: 'SECRET' },
  };
  const target = await file('target.json', { name: 'empty', s3 });
  const args = ['run', '--profile', 's3', '--filter', 's3/presigned', '--target', target];
  return { lines, run: (...more: readonly string[]) => run(...args, ...more) };
}

it('writes a page with the requests and answers of failures, and the same report in JSON', async () => {
  const endpoint = await emptyEndpoint();
  const [html, json] = [join(directory, 'report.html'), join(directory, 'report.json')];
  const { code, stderr } = await endpoint.run('--html', html, '--json', json);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^\[1\/\d+\] fail s3\/presigned/);
  const page = await readFile(html, 'utf8');
  expect(page).toContain('<h1>How empty does server-side encryption</h1>');
  expect(page).toContain('X-Amz-Signature=[redacted]');
  const report = await reportIn(json);
  expect(report.results.find(({ outcome }) => outcome === 'fail')?.exchanges.length).toBeGreaterThan(0);
  for (const text of [page, JSON.stringify(report)]) expect(text).not.toMatch(/a-secret|X-Amz-Signature=[0-9a-f]/);
});

describe('--resume', () => {
  it('makes the file, and with it runs only what did not pass', async () => {
    const endpoint = await emptyEndpoint();
    const state = join(directory, 'state.json');
    await endpoint.run('--resume', state, '--quiet');
    const first = await reportIn(state);
    expect([first.made, first.notRun, await readdir(directory)]).toEqual([[], 0, ['state.json', 'target.json']]);
    const passing = first.results.map((result) => ({ ...result, outcome: 'pass' }));
    await file('state.json', { ...first, results: passing.slice(1) });
    const { stderr } = await endpoint.run('--resume', state, '--json', state);
    expect(stderr).toMatch(/^taken up: \d+ results are kept, 1 cases run\n\[1\/1\] fail /);
    expect((await reportIn(state)).counts).toMatchObject({ pass: passing.length - 1, fail: 1 });
  });

  it.each([
    ['of another target', { target: 'other' }, 'its target is "other", not "empty"'],
    ['of another version', { target: 'empty', suiteVersion: 'none' }, 'version of the suite'],
    ['that is damaged', { results: 1 }, 'is no report'],
  ])('ends with 2, sends nothing and leaves the file for a report %s', async (_, fields, said) => {
    const endpoint = await emptyEndpoint();
    const state = await file('state.json', { ...reportOf({}), ...fields });
    const before = await readFile(state, 'utf8');
    const { code, stderr } = await endpoint.run('--resume', state);
    expect([code, stderr, endpoint.lines]).toEqual([2, expect.stringContaining(said), []]);
    expect(await readFile(state, 'utf8')).toBe(before);
  });

  it('ends with 2, and makes nothing, if the file cannot be written', async () => {
    const endpoint = await emptyEndpoint();
    const { code, stderr } = await endpoint.run('--resume', '/nowhere/state.json');
    expect([code, stderr, endpoint.lines]).toEqual([2, '/nowhere/state.json cannot be written.\n', []]);
  });
});
