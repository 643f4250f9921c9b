import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseTarget, type Target } from '../target/target.ts';
import { atRestReportSchema, holdsAtRest, type AtRestReport, type Verdict } from './at-rest-report.ts';
import { runAtRest, type AtRestOptions } from './run-at-rest.ts';

/** A real program with one weakness at a time: test-child/weak-server.mjs. */
const program = fileURLToPath(new URL('../../test-child/weak-server.mjs', import.meta.url));
const environment = { SECRET: 'a secret of the tests' };

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

interface Weak {
  readonly weakness: string;
  readonly layout?: 'files' | 'volume' | 'preallocated';
  /** Of the target; an empty one if left out. */
  readonly dataDirectory?: string;
  /** Where the server works; where the run says if left out. */
  readonly directory?: string;
  readonly port?: number;
}

async function weakTarget({ weakness, layout = 'files', directory = '{data}', ...given }: Weak): Promise<Target> {
  const port = given.port ?? (await freePort());
  return parseTarget({
    name: `a server with ${weakness}`,
    s3: {
      url: `http://127.0.0.1:${port}`,
      ...{ accessKeyId: 'anybody', secretAccessKey: { env: 'SECRET' }, minimumPartSize: 70_001 },
    },
    features: ['sse-s3', 'sse-c', 'multipart', 'versions'],
    atRest: {
      dataDirectory: given.dataDirectory ?? (await emptyFolder()),
      command: [process.execPath, program, String(port), directory, weakness, layout],
      environment: { WEAK_SERVER_KEY: { env: 'SECRET' } },
    },
  });
}

async function run(weak: Weak, options: Partial<AtRestOptions> = {}): Promise<AtRestReport> {
  const target = await weakTarget(weak);
  return runAtRest({ target, profile: 's3', environment, allowDamage: true, ...options });
}

const idsOf = ({ results }: AtRestReport, verdict: Verdict): readonly string[] =>
  results.filter((result) => result.verdict === verdict).map(({ id }) => id);

it('finds nothing wrong with a server that has no weakness, and can tell all of it', async () => {
  const report = await run({ weakness: 'none' });
  expect(idsOf(report, 'fail')).toEqual([]);
  expect(idsOf(report, 'cannot tell')).toEqual([]);
  expect(idsOf(report, 'pass').length).toBeGreaterThan(45);
  const outcomes = report.results.filter(({ verdict }) => verdict === 'pass').flatMap(({ trials }) => trials);
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['detected']));
  expect(holdsAtRest(report)).toBe(true);
  expect(atRestReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

/** A weakness, the checks that are run, and those of them that have to fail. */
const weaknesses: readonly (readonly [weakness: string, filter: readonly string[], failing: readonly string[]])[] = [
  ['plaintext', ['canary', 'structure/sse-c'], ['canary/sse-s3', 'canary/sse-c', 'structure/sse-c']],
  ['temporary-file', ['canary'], ['canary/sse-s3', 'canary/sse-c']],
  ['key-in-index', ['keys'], ['keys/sse-c']],
  ['key-in-log', ['keys', 'canary'], ['keys/sse-c']],
  [
    'fixed-iv',
    ['equal-content', 'keystream', 'structure/sse-c'],
    ['equal-content/sse-s3', 'keystream/sse-s3', 'equal-content/sse-c', 'keystream/sse-c'],
  ],
  ['convergent', ['equal-content', 'flip/sse-c/file'], ['equal-content/sse-s3', 'equal-content/sse-c']],
  ['code-book', ['structure', 'keystream'], ['structure/sse-s3', 'structure/sse-c']],
  ['no-tag', ['flip/sse-s3', 'keystream'], ['flip/sse-s3/file', 'flip/sse-s3/large', 'flip/sse-s3/small']],
  [
    'loose-chunks',
    ['flip/sse-c/file', 'truncate/sse-c', 'reorder/sse-c'],
    [
      ...['truncate/sse-c/file', 'reorder/sse-c/file', 'truncate/sse-c/large', 'reorder/sse-c/large'],
      'truncate/sse-c/small',
    ],
  ],
  [
    'unbound-files',
    ['exchange/sse-s3', 'versions/sse-s3', 'parts/sse-s3', 'reorder/sse-s3/file'],
    [
      ...['exchange/sse-s3/file', 'versions/sse-s3/file', 'exchange/sse-s3/large', 'parts/sse-s3/large'],
      'exchange/sse-s3/small',
    ],
  ],
  [
    'unbound-versions',
    ['exchange/sse-c', 'versions/sse-c', 'parts/sse-c'],
    ['versions/sse-c/file', 'parts/sse-c/large'],
  ],
  ['unbound-attempts', ['versions/sse-c', 'parts/sse-c', 'exchange/sse-c/large'], ['parts/sse-c/large']],
  ['unverified-ranges', ['extend/sse-c/file', 'flip/sse-c/file'], ['flip/sse-c/file', 'extend/sse-c/file']],
  [
    'accepts-plain',
    ['downgrade/sse-s3', 'exchange/sse-s3/file'],
    ['downgrade/sse-s3/file', 'downgrade/sse-s3/large', 'downgrade/sse-s3/small'],
  ],
  ['ends-at-damage', ['remove/sse-s3/file', 'blast-radius'], ['blast-radius']],
];

describe('notices', () => {
  it.each(weaknesses)('%s', async (weakness, filter, failing) => {
    const report = await run({ weakness }, { filter });
    expect(idsOf(report, 'fail')).toEqual(failing.map((id) => `at-rest/${id}`));
    expect(holdsAtRest(report)).toBe(false);
  });
});

describe('where files lie in one file together', () => {
  const filter = ['flip/sse-c/file', 'truncate/sse-c/file', 'remove/sse-c/file', 'canary/sse-c', 'structure/sse-c'];

  it('damages each in its place if that is known, and says what cannot be done', async () => {
    const report = await run({ weakness: 'none', layout: 'volume' }, { filter });
    expect(idsOf(report, 'pass')).toEqual([
      ...['at-rest/canary/sse-c', 'at-rest/structure/sse-c', 'at-rest/flip/sse-c/file'],
    ]);
    expect(idsOf(report, 'cannot tell')).toEqual(['at-rest/truncate/sse-c/file', 'at-rest/remove/sse-c/file']);
  });

  it('notices a weakness there, too', async () => {
    const report = await run({ weakness: 'no-tag', layout: 'volume' }, { filter });
    expect(idsOf(report, 'fail')).toEqual(['at-rest/flip/sse-c/file']);
  });

  it('cannot tell if their places are not known', async () => {
    const report = await run({ weakness: 'none', layout: 'preallocated' }, { filter });
    expect(idsOf(report, 'pass')).toEqual(['at-rest/canary/sse-c']);
    expect(idsOf(report, 'cannot tell')).toEqual([
      ...['at-rest/structure/sse-c', 'at-rest/flip/sse-c/file', 'at-rest/truncate/sse-c/file'],
      'at-rest/remove/sse-c/file',
    ]);
  });
});

describe('the data directory', () => {
  const filter = ['flip/sse-c/small'];

  it('is refused if there is something in it', async () => {
    const dataDirectory = await emptyFolder();
    await writeFile(join(dataDirectory, 'mine'), 'text');
    await expect(run({ weakness: 'none', dataDirectory })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('is not empty') as unknown,
    });
    expect(await readdir(dataDirectory)).toEqual(['mine']);
  });

  it('is refused if it is a file, or a link to a directory', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'file'), 'text');
    await symlink(folder, join(folder, 'link'));
    for (const name of ['file', 'link'])
      await expect(run({ weakness: 'none', dataDirectory: join(folder, name) })).rejects.toMatchObject({
        code: 'target',
        message: expect.stringContaining('is not a directory') as unknown,
      });
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('text');
  });

  it('is used, and as it was afterwards, where the server cannot be told another one', async () => {
    const there = await emptyFolder();
    const absent = join(await emptyFolder(), 'not/there');
    for (const directory of [there, absent]) {
      const report = await run({ weakness: 'no-tag', dataDirectory: directory, directory }, { filter });
      expect(idsOf(report, 'fail')).toEqual(['at-rest/flip/sse-c/small']);
    }
    expect(await readdir(there)).toEqual([]);
    await expect(readdir(absent)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is not touched, nor anything made, if a variable of the environment is missing', async () => {
    const target = await weakTarget({ weakness: 'none' });
    const asking = { ...target.atRest, environment: { WEAK_SERVER_KEY: { env: 'NOWHERE' } } };
    const options = { profile: 's3', environment, allowDamage: true } as const;
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('conformance-at-rest-'));
    await expect(runAtRest({ ...options, target: parseTarget({ ...target, atRest: asking }) })).rejects.toMatchObject({
      message: expect.stringContaining('NOWHERE') as unknown,
    });
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('conformance-at-rest-'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });

  it('is empty again after a run that failed', async () => {
    const dataDirectory = await emptyFolder();
    const weak = { weakness: 'none', dataDirectory, directory: dataDirectory };
    const onProgress = () => {
      throw new Error('no more');
    };
    await expect(run(weak, { filter, onProgress })).rejects.toThrow('no more');
    expect(await readdir(dataDirectory)).toEqual([]);
  });
});

describe('a run', () => {
  it('tries no further damage once it is interrupted, and does not pass what it did not try', async () => {
    const abort = new AbortController();
    const onProgress = (said: string) => {
      if (said.includes('damages')) abort.abort();
    };
    const report = await run({ weakness: 'none' }, { filter: ['flip/sse-c/small'], signal: abort.signal, onProgress });
    expect(report).toMatchObject({ interrupted: true, counts: { pass: 0, 'cannot tell': 1 } });
    expect(holdsAtRest(report)).toBe(false);
  });

  it('starts the server only as often as it may', async () => {
    const report = await run({ weakness: 'none' }, { filter: ['flip/sse-c/small'], starts: 1 });
    expect(report).toMatchObject({ starts: 4, counts: { pass: 0, 'cannot tell': 1 } });
    expect(report.results[0]?.findings).toContainEqual(expect.stringMatching(/^\d+ were not tried$/));
  });

  it('refuses a port at which somebody answers already', async () => {
    const other = createServer((_, response) => response.end());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      other.close();
    });
    const { port } = other.address() as AddressInfo;
    await expect(run({ weakness: 'none', port })).rejects.toMatchObject({
      code: 'setup',
      message: expect.stringContaining('before the server was started') as unknown,
    });
  });

  it.each([
    ['ends', [process.execPath, '-e', '1'], 30_000, /^the server did not start: it ended with exit code 0\.$/],
    ['is not there', ['/nowhere/server'], 30_000, /^the server did not start: it cannot be started: .*ENOENT/],
    [
      'does not answer',
      [process.execPath, '-e', 'setInterval(() => 1, 1000)'],
      400,
      /it did not answer within 400 ms\.$/,
    ],
  ])('says why a server does not start that %s', async (_, command, readyMs, message) => {
    const target = await weakTarget({ weakness: 'none' });
    const broken = { ...target, atRest: { ...target.atRest, command, readyMs } };
    const options = { profile: 's3', environment, allowDamage: true } as const;
    await expect(runAtRest({ ...options, target: parseTarget(broken) })).rejects.toMatchObject({
      code: 'setup',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('needs the word that damage is allowed, also of callers without types', async () => {
    const target = await weakTarget({ weakness: 'none' });
    const options = { target, profile: 's3', environment } as unknown as AtRestOptions;
    await expect(runAtRest(options)).rejects.toMatchObject({ code: 'options' });
  });

  it.each(['forgets', 'ends-at-third-start'])('passes nothing of a server that %s', async (weakness) => {
    const filter = ['flip/sse-c/file', 'exchange/sse-c/file'];
    if (weakness === 'ends-at-third-start') {
      await expect(run({ weakness }, { filter })).rejects.toMatchObject({
        code: 'setup',
        message: expect.stringMatching(/^On what it stored itself, undamaged, the server did not start/) as unknown,
      });
      return;
    }
    const report = await run({ weakness }, { filter });
    expect(report.counts.pass).toBe(0);
    expect(idsOf(report, 'cannot tell')).toEqual(['at-rest/flip/sse-c/file', 'at-rest/exchange/sse-c/file']);
    expect(report.results[0]?.findings).toContainEqual(expect.stringContaining('without any damage') as unknown);
    expect(holdsAtRest(report)).toBe(false);
  });

  it('needs a target that says how to run the server', async () => {
    const { atRest: _, ...target } = await weakTarget({ weakness: 'none' });
    const options = { profile: 's3', environment, allowDamage: true } as const;
    await expect(runAtRest({ ...options, target: parseTarget(target) })).rejects.toMatchObject({ code: 'target' });
  });
});
