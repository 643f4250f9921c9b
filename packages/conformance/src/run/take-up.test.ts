import { describe, expect, it } from 'vitest';
import type { ConformanceCase } from '../model/case.ts';
import { ConformanceError } from '../model/conformance-error.ts';
import { countOutcomes, reportSchema, type CaseResult, type Report } from '../report/report.ts';
import { suiteVersion } from '../report/suite-version.ts';
import { parseTarget } from '../target/target.ts';
import type { Transport, WireRequest } from '../wire/transport.ts';
import { runConformance, type RunOptions } from './run-conformance.ts';

const env = { env: 'SECRET' };
const target = parseTarget({
  name: 'a script',
  s3: { url: 'http://s3.example', accessKeyId: 'me', secretAccessKey: env },
  features: ['sse-c'],
  deviations: [{ case: 's3/made/known', reason: 'later' }],
});

const made = (id: string, fields: Partial<ConformanceCase> = {}): ConformanceCase => ({
  ...{ id: `s3/made/${id}`, title: id, requirement: 'Something.', protocol: 's3', needs: [] },
  source: { kind: 'rfc', name: 'none' },
  steps: [{ do: 's3', method: 'GET', key: id }],
  ...fields,
});

const result = (id: string, outcome: CaseResult['outcome'], fields: Partial<CaseResult> = {}): CaseResult => ({
  ...{ id: `s3/made/${id}`, title: id, requirement: 'Something.', source: { kind: 'rfc', name: 'none' } },
  ...{ outcome, problems: [], missing: [], exchanges: [], milliseconds: 1 },
  ...fields,
});

const earlierOf = (results: CaseResult[], fields: Partial<Report> = {}): Report => ({
  ...{ format: 1, suiteVersion, target: target.name, profile: 's3', started: '2026-01-02T03:04:05.000Z' },
  ...{ milliseconds: 60_000, counts: countOutcomes(results), results, notRun: 0 },
  ...{ passedDeviations: [], leftBehind: [], made: [] },
  ...fields,
});

const empty = new Uint8Array();

/** An endpoint of S3 that answers 200, or what is said of a line. */
function script(log: string[], others: Readonly<Record<string, number>> = {}): Transport {
  return ({ method, target: path }) => {
    const line = `${method} ${path}`;
    log.push(line);
    return Promise.resolve({ status: others[line] ?? 200, headers: new Map(), body: empty });
  };
}

const run = (cases: readonly ConformanceCase[], transport: Transport, options: Partial<RunOptions> = {}) =>
  runConformance({
    ...{ target, profile: 's3', cases, environment: { SECRET: 'secret' }, transport, concurrency: 1 },
    ...options,
  });

it('runs only what failed or has not run, and keeps the other results', async () => {
  const log: string[] = [];
  const needing = made('skipped', { needs: ['sse-s3'] });
  const cases = [made('passed'), made('failed'), needing, made('known'), made('broken'), made('never')];
  const earlier = earlierOf([
    result('not-asked-for', 'fail'),
    result('passed', 'pass'),
    result('failed', 'fail'),
    result('skipped', 'skipped', { missing: ['sse-s3'] }),
    result('known', 'deviation'),
    result('broken', 'error'),
  ]);
  const begun: unknown[] = [];
  const report = await run(cases, script(log), { earlier, onBegin: (cases) => begun.push(cases) });
  expect(report.results.map(({ id, outcome }) => [id.slice(8), outcome])).toEqual([
    ['passed', 'pass'],
    ['failed', 'pass'],
    ['skipped', 'skipped'],
    ['known', 'deviation'],
    ['broken', 'pass'],
    ['never', 'pass'],
    ['not-asked-for', 'fail'],
  ]);
  expect(begun).toEqual([{ toRun: 3, kept: 3 }]);
  expect(log.filter((line) => line.includes('/made/'))).toHaveLength(3);
  expect(report).toMatchObject({ started: earlier.started, notRun: 0, counts: { pass: 4, fail: 1 } });
  expect(report.milliseconds).toBeGreaterThanOrEqual(60_000);
});

it('runs what was skipped or known, if the target does not say so any more', async () => {
  const earlier = earlierOf([result('skipped', 'skipped'), result('other', 'deviation')]);
  const { counts } = await run([made('skipped', { needs: ['sse-c'] }), made('other')], script([]), { earlier });
  expect(counts).toMatchObject({ pass: 2, skipped: 0, deviation: 0 });
});

it.each([
  ['target', { target: 'another' }, 'its target is "another", not "a script"'],
  ['profile', { profile: 'b2-2026' }, 'its profile is "b2-2026", not "s3"'],
  ['version', { suiteVersion: '99' }, 'its version of the suite is "99"'],
] as const)('sends nothing for a report of another %s', async (_, fields, said) => {
  const log: string[] = [];
  await expect(run([made('one')], script(log), { earlier: earlierOf([], fields) })).rejects.toMatchObject({
    code: 'options',
    message: expect.stringContaining(said) as unknown,
  });
  expect(log).toEqual([]);
});

describe('what is kept while it runs', () => {
  const withBucket = (id: string) => made(id, { steps: [{ do: 'bucket', name: 'box' }] });

  it('is a report, which names everything before it is made', async () => {
    let kept: Report | undefined;
    const unnamed: string[] = [];
    const send = script([]);
    const watched: Transport = (request) => {
      const name = request.target.slice(1);
      if (request.method === 'PUT' && !kept?.made.some((thing) => thing.name === name)) unnamed.push(name);
      return send(request);
    };
    const keep = (report: Report): Promise<void> => {
      kept = reportSchema.parse(JSON.parse(JSON.stringify(report)));
      return Promise.resolve();
    };
    const cases = Array.from({ length: 9 }, (_, at) => withBucket(`case-${at}`));
    const report = await run(cases, watched, { keep, concurrency: 3 });
    expect(unnamed).toEqual([]);
    expect(kept).toMatchObject({ made: [], notRun: 0, results: report.results });
  });

  it('is kept one after the other', async () => {
    let [now, most, times] = [0, 0, 0];
    const keep = async (): Promise<void> => {
      most = Math.max(most, ++now);
      times++;
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      now--;
    };
    await run(
      Array.from({ length: 12 }, (_, at) => withBucket(`case-${at}`)),
      script([]),
      { keep, concurrency: 4 },
    );
    expect(most).toBe(1);
    expect(times).toBeGreaterThan(3);
  });

  it('ends the run if it cannot be kept, with nothing left behind', async () => {
    const log: string[] = [];
    let times = 0;
    const keep = (): Promise<void> =>
      times++ < 3 ? Promise.resolve() : Promise.reject(new RangeError('the disk is full'));
    const cases = Array.from({ length: 9 }, (_, at) => withBucket(`case-${at}`));
    await expect(run(cases, script(log), { keep })).rejects.toThrow('the disk is full');
    const done = (method: string) => log.filter((line) => line.startsWith(`${method} `)).length;
    expect([done('PUT'), done('DELETE')]).toEqual([3, 3]);
  });

  it('names no bucket that the endpoint refused, and one about which no answer came', async () => {
    const keptOf = async (creating: () => number): Promise<Report | undefined> => {
      let kept: Report | undefined;
      let count = 0;
      const send = script([]);
      const transport: Transport = async (request) => {
        const answer = await send(request);
        return request.method === 'PUT' && count++ > 0 ? { ...answer, status: creating() } : answer;
      };
      const keep = (report: Report): Promise<void> => {
        kept = report;
        return Promise.resolve();
      };
      await run([withBucket('one')], transport, { keep });
      return kept;
    };
    expect((await keptOf(() => 403))?.made).toEqual([]);
    expect((await keptOf(() => 503))?.made).toEqual([{ kind: 'bucket', name: expect.any(String) as unknown }]);
    const lost = await keptOf(() => {
      throw new ConformanceError('connection', 'the line is cut');
    });
    expect(lost?.made).toEqual([{ kind: 'bucket', name: expect.stringMatching(/-1$/) as unknown }]);
  });
});

describe('what an earlier run left behind', () => {
  const bucket = { kind: 'bucket', name: 'conformance-0badcafe-7' } as const;
  const earlier = earlierOf([], { made: [bucket], leftBehind: ['bucket conformance-0badcafe-7: refused'] });

  it('is removed before the first case', async () => {
    const log: string[] = [];
    const { leftBehind, made: left } = await run([made('one')], script(log), { earlier });
    expect([leftBehind, left]).toEqual([[], []]);
    const gone = log.indexOf('DELETE /conformance-0badcafe-7');
    expect(gone).toBeGreaterThan(-1);
    expect(gone).toBeLessThan(log.findIndex((line) => line.includes('/made/one')));
  });

  it('need not be there', async () => {
    const log: string[] = [];
    const send = script(log, { 'HEAD /conformance-0badcafe-7': 404 });
    expect(await run([made('one')], send, { earlier })).toMatchObject({ leftBehind: [], made: [] });
    expect(log).not.toContain('DELETE /conformance-0badcafe-7');
  });

  it.each([403, 500])('is named if the endpoint answers %d to whether it is there', async (status) => {
    const log: string[] = [];
    const send = script(log, { 'HEAD /conformance-0badcafe-7': status });
    const { leftBehind, made: left } = await run([made('one')], send, { earlier });
    expect([leftBehind, left]).toEqual([
      [expect.stringMatching(/^bucket conformance-0badcafe-7, of an earlier run: HeadBucket was refused/)],
      [bucket],
    ]);
    expect(log).not.toContain('DELETE /conformance-0badcafe-7');
  });

  it.each(['precious', 'conformance-0badcafe-7/../precious', 'conformance-', 'conformance-0badcafe-x'])(
    'cannot be %s, which is no name of the suite',
    (name) => {
      expect(reportSchema.safeParse({ ...earlier, made: [{ kind: 'bucket', name }] }).success).toBe(false);
    },
  );
});

describe('over B2, what an earlier run left behind', () => {
  const b2 = parseTarget({ name: 'a script', b2: { url: 'http://b2.example', keyId: 'me', key: env } });
  const [bucket, key] = [
    { kind: 'bucket', name: 'conformance-0badcafe-7' },
    { kind: 'application key', name: 'conformance-0badcafe-8' },
  ] as const;
  const authorized = {
    ...{ accountId: 'me', authorizationToken: 'token' },
    apiInfo: { storageApi: { apiUrl: 'http://b2.example', downloadUrl: 'http://b2.example' } },
  };
  const listed = { buckets: [{ bucketId: 'id-7', bucketName: bucket.name }] };
  /** Two pages of keys. */
  const keys = ({ startApplicationKeyId: from }: Readonly<Record<string, unknown>>): unknown =>
    from === undefined
      ? { keys: [{ applicationKeyId: 'other', keyName: 'other' }], nextApplicationKeyId: 'id-8' }
      : { keys: [{ applicationKeyId: from, keyName: key.name }], nextApplicationKeyId: null };

  async function taken(others: Readonly<Record<string, unknown>>) {
    const calls: string[] = [];
    const operations: Readonly<Record<string, unknown>> = {
      ...{ b2_authorize_account: authorized, b2_create_bucket: { bucketId: 'run' }, b2_list_buckets: listed },
      ...{ b2_list_file_versions: { files: [] }, b2_list_keys: keys, b2_delete_bucket: {}, b2_delete_key: {} },
      ...others,
    };
    const transport: Transport = ({ target: path, body }: WireRequest) => {
      const operation = path.slice(path.lastIndexOf('/') + 1);
      const text = new TextDecoder().decode(body);
      calls.push(`${operation} ${text}`);
      const found = operations[operation];
      const answer: unknown =
        typeof found === 'function' ? (found as typeof keys)(JSON.parse(text) as Record<string, unknown>) : found;
      return Promise.resolve({ status: 200, headers: new Map(), body: Buffer.from(JSON.stringify(answer)) });
    };
    const earlier = earlierOf([], { profile: 'b2-classic', made: [bucket, key] });
    const report = await run([], transport, { target: b2, profile: 'b2-classic', earlier });
    return { calls: calls.filter((call) => call.startsWith('b2_delete')), report };
  }

  it('is found by name and removed', async () => {
    const { calls, report } = await taken({});
    expect(calls.slice(0, 2)).toEqual([
      'b2_delete_bucket {"accountId":"me","bucketId":"id-7"}',
      'b2_delete_key {"applicationKeyId":"id-8"}',
    ]);
    expect(report).toMatchObject({ leftBehind: [], made: [] });
  });

  it('need not be there', async () => {
    const { calls, report } = await taken({ b2_list_buckets: { buckets: [] }, b2_list_keys: { keys: [] } });
    expect(calls).toEqual(['b2_delete_bucket {"accountId":"me","bucketId":"run"}']);
    expect(report).toMatchObject({ leftBehind: [], made: [] });
  });

  it('is named if the endpoint does not say whether it is there', async () => {
    const wrong = { b2_list_buckets: { buckets: [{ bucketId: 'id-9', bucketName: 'precious' }] }, b2_list_keys: {} };
    const { calls, report } = await taken(wrong);
    expect(calls).toEqual(['b2_delete_bucket {"accountId":"me","bucketId":"run"}']);
    expect(report.leftBehind).toEqual([
      expect.stringMatching(/^bucket conformance-0badcafe-7, of an earlier run: b2_list_buckets does not list/),
      expect.stringMatching(/^application key named conformance-0badcafe-8, of an earlier run: b2_list_keys lists no/),
    ]);
    expect(report.made).toEqual([bucket, key]);
  });
});
