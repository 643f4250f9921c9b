import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ConformanceCase } from '../model/case.ts';
import { ConformanceError } from '../model/conformance-error.ts';
import { customerKey } from '../model/customer-key.ts';
import { parseTarget } from '../target/target.ts';
import type { Transport } from '../wire/transport.ts';
import { runConformance, type RunOptions } from './run-conformance.ts';

const secretAccessKey = { env: 'SECRET' };
const target = parseTarget({
  name: 'a script',
  s3: { url: 'http://s3.example', accessKeyId: 'me', secretAccessKey },
  features: ['sse-c'],
  deviations: [
    { case: 's3/made/known', reason: 'later', link: 'https://tracker.example/1' },
    { case: 's3/made/good', reason: 'mended meanwhile' },
  ],
});

const made = (id: string, status: number, fields: Partial<ConformanceCase> = {}): ConformanceCase => ({
  ...{ id: `s3/made/${id}`, title: id, requirement: 'Something.', protocol: 's3', needs: [] },
  source: { kind: 'rfc', name: 'none' },
  steps: [{ do: 's3', method: 'GET', key: id, expect: { status } }],
  ...fields,
});

/** An endpoint where every object is there, and every listing is empty. */
function script(log: string[]): Transport {
  return ({ method, target: path }) => {
    log.push(`${method} ${path.replaceAll(/conformance-[0-9a-f]{8}/g, 'run')}`);
    return Promise.resolve({ status: 200, headers: new Map(), body: new Uint8Array() });
  };
}

const run = (cases: readonly ConformanceCase[], transport: Transport, options: Partial<RunOptions> = {}) =>
  runConformance({
    ...{ target, profile: 's3', cases, environment: { SECRET: 'x' }, transport, concurrency: 2 },
    ...options,
  });

const withBucket = (id: string) => made(id, 200, { steps: [{ do: 'bucket', name: 'box', expect: { status: 200 } }] });
const changes = (log: readonly string[]) => log.filter((line) => /^(?:PUT|DELETE)/.test(line));

it('tells every outcome, in the order of the cases', async () => {
  const cases = [
    made('good', 200),
    made('bad', 404),
    made('known', 404),
    made('lacking', 200, { needs: ['sse-s3'] }),
    made('broken', 200, {
      steps: [{ do: 's3', method: 'GET', key: '{{nothing.json.a}}', query: { a: '{{nothing.id}}' } }],
    }),
  ];
  const { results, counts, passedDeviations } = await run(cases, script([]));
  expect(results.map(({ outcome }) => outcome)).toEqual(['pass', 'fail', 'deviation', 'skipped', 'error']);
  expect(results.map(({ problems }) => problems[0])).toEqual([
    undefined,
    'step 1, GET bad: status is 200, expected 404',
    'known: later (https://tracker.example/1)',
    'the target does not declare sse-s3',
    expect.stringContaining('{{nothing.id}}'),
  ]);
  expect(counts).toEqual({ pass: 1, fail: 1, skipped: 1, deviation: 1, error: 1 });
  expect(passedDeviations).toEqual(['s3/made/good']);
});

it('makes buckets and removes them', async () => {
  const log: string[] = [];
  await run([withBucket('one')], script(log));
  expect(changes(log)).toEqual(['PUT /run-0', 'PUT /run-1', 'DELETE /run-1', 'DELETE /run-0']);
});

it('says what it could not remove', async () => {
  const send = script([]);
  const stubborn: Transport = async (request) => ({
    ...(await send(request)),
    status: request.method === 'DELETE' ? 409 : 200,
  });
  const { leftBehind } = await run([made('one', 200)], stubborn);
  expect(leftBehind).toEqual([expect.stringMatching(/^bucket conformance-.*-0: DeleteBucket was refused: 409/)]);
});

it('is an error if the endpoint refuses the bucket of the run', async () => {
  const send: Transport = () => Promise.resolve({ status: 403, headers: new Map(), body: new Uint8Array() });
  await expect(run([made('one', 200)], send)).rejects.toMatchObject({ code: 'setup' });
});

it.each([
  ['as it is', (secret: string) => secret],
  ['within base64', (secret: string) => Buffer.from(`me:${secret}`).toString('base64')],
  ['behind a long text', (secret: string) => `${'x'.repeat(95)}${secret}`],
])('shows no key that the endpoint gives back %s when it refuses the run', async (_, given) => {
  const secret = 'the-secret-of-the-account';
  const body = Buffer.from(`<Error><Code>${given(secret)}</Code></Error>`);
  const send: Transport = () => Promise.resolve({ status: 403, headers: new Map(), body });
  const problem: unknown = await run([made('one', 200)], send, { environment: { SECRET: secret } }).catch(
    (error: unknown) => error,
  );
  expect(problem).toMatchObject({
    code: 'setup',
    message: expect.stringMatching(/^CreateBucket was refused: 403 /) as unknown,
  });
  expect(inspect(problem)).not.toMatch(/the-s|bWU6/);
});

describe('after an unexpected error', () => {
  const onResult = (): void => {
    throw new RangeError('the listener is broken');
  };

  it('lets the running cases end, begins no other, and then removes the bucket of the run', async () => {
    const log: string[] = [];
    const send = script(log);
    // The second case is in the middle of its steps when the first one ends.
    const slow: Transport = async (request) => {
      if (request.target.endsWith('/slow')) for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
      return send(request);
    };
    const cases = [made('fast', 200), made('slow', 200), withBucket('never'), withBucket('never-either')];
    await expect(run(cases, slow, { onResult })).rejects.toThrow(RangeError);
    expect(changes(log)).toEqual(['PUT /run-0', 'DELETE /run-0']);
    expect(log.findIndex((line) => line.endsWith('/slow'))).toBeLessThan(log.indexOf('DELETE /run-0'));
    expect(log.findIndex((line) => line.endsWith('/slow'))).toBeGreaterThan(0);
  });

  it('of `keep` in the middle of a case ends the run, whatever its kind, and is no error of the case', async () => {
    const log: string[] = [];
    const results: string[] = [];
    const error = new ConformanceError('options', 'the file cannot be written');
    let kept = 0;
    const keep = () => (kept++ === 0 ? Promise.resolve() : Promise.reject(error));
    const options = { keep, onResult: ({ id }: { readonly id: string }) => results.push(id), concurrency: 1 };
    await expect(run([withBucket('one'), made('two', 200)], script(log), options)).rejects.toBe(error);
    expect(results).toEqual([]);
    expect(changes(log)).toEqual(['PUT /run-0', 'DELETE /run-0']);
  });

  it('names what it could not remove', async () => {
    const send = script([]);
    const stubborn: Transport = async (request) => ({
      ...(await send(request)),
      status: request.method === 'DELETE' ? 409 : 200,
    });
    await expect(run([withBucket('one')], stubborn, { onResult })).rejects.toMatchObject({
      code: 'left_behind',
      message: expect.stringMatching(
        /listener is broken.*bucket conformance-.*-1:.*bucket conformance-.*-0:/,
      ) as unknown,
      cause: expect.any(RangeError) as unknown,
    });
  });

  it('of one bucket, removes the other ones', async () => {
    const log: string[] = [];
    const send = script(log);
    const broken: Transport = (request) => {
      if (request.method === 'DELETE' && request.target.endsWith('-1')) throw new RangeError('the transport is broken');
      return send(request);
    };
    const steps = ['a', 'b'].map((name) => ({ do: 'bucket', name }) as const);
    const { leftBehind } = await run([made('one', 200, { steps })], broken);
    expect(leftBehind).toEqual([expect.stringMatching(/^bucket .*-1: the transport is broken$/)]);
    expect(changes(log).slice(-2)).toEqual(['DELETE /run-2', 'DELETE /run-0']);
  });
});

it('once its signal aborts, lets the running cases end, removes everything and reports on what has run', async () => {
  const log: string[] = [];
  const abort = new AbortController();
  const cases = [withBucket('one'), withBucket('two'), withBucket('never'), made('never-either', 404)];
  const { results, notRun, leftBehind } = await run(cases, script(log), {
    signal: abort.signal,
    onResult: () => {
      abort.abort();
    },
  });
  expect(results.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['s3/made/one', 'pass'],
    ['s3/made/two', 'pass'],
  ]);
  expect([notRun, leftBehind]).toEqual([2, []]);
  expect(
    changes(log)
      .filter((line) => line.startsWith('DELETE'))
      .sort(),
  ).toEqual(['DELETE /run-0', 'DELETE /run-1', 'DELETE /run-2']);
  expect(log.at(-1)).toBe('DELETE /run-0');
});

it.each([
  ['concurrency', 0],
  ['concurrency', -1],
  ['concurrency', 1.5],
  ['concurrency', Number.NaN],
  ['concurrency', Number.POSITIVE_INFINITY],
  ['requestsPerSecond', 0],
  ['requestsPerSecond', Number.NaN],
] as const)('sends nothing with %s of %d', async (name, value) => {
  const log: string[] = [];
  await expect(run([made('one', 200)], script(log), { [name]: value })).rejects.toMatchObject({
    code: 'options',
    message: expect.stringContaining(name) as unknown,
  });
  expect(log).toEqual([]);
});

it('runs each case once with a higher concurrency than there are cases', async () => {
  const { counts } = await run([made('one', 200), made('two', 200)], script([]), { concurrency: 2 ** 40 });
  expect(counts.pass).toBe(2);
});

it('asks for the key of S3 in a run over B2 only where a case needs it', async () => {
  const both = parseTarget({
    name: 'both',
    b2: { url: 'http://b2.example', keyId: 'me', key: { env: 'SECRET' } },
    s3: { url: 'http://s3.example', accessKeyId: 'me', secretAccessKey: { env: 'OTHER' } },
  });
  const origins: string[] = [];
  const document = {
    ...{ accountId: 'me', authorizationToken: 't', bucketId: 'id', files: [] },
    apiInfo: { storageApi: { apiUrl: 'http://b2.example', downloadUrl: 'http://b2.example' } },
  };
  const transport: Transport = ({ origin }) => {
    origins.push(origin);
    const body = new TextEncoder().encode(JSON.stringify(document));
    return Promise.resolve({ status: 200, headers: new Map(), body });
  };
  const cases = [
    made('b2', 200, {
      protocol: 'b2',
      steps: [{ do: 'b2-call', operation: 'b2_list_buckets', body: {}, expect: { status: 200 } }],
    }),
    made('cross', 200, { protocol: 'b2', needs: ['cross-api'] }),
  ];
  const options = { target: both, profile: 'b2-classic', concurrency: 1 } as const;
  const { results } = await run(cases, transport, { ...options, environment: { SECRET: 'x' } });
  expect(results.map(({ outcome }) => outcome)).toEqual(['pass', 'error']);
  expect(results[1]?.problems).toEqual([expect.stringContaining('OTHER')]);
  expect(origins).not.toContain('http://s3.example');
  const { counts } = await run(cases, transport, { ...options, environment: { SECRET: 'x', OTHER: 'y' } });
  expect(counts.pass).toBe(2);
  expect(origins.filter((origin) => origin === 'http://s3.example')).toHaveLength(1);
});

it('reports what was sent and received by what did not pass, without secrets, whatever the endpoint gives back', async () => {
  const secret = 'the-secret-of-the-account';
  const key = customerKey('A').key;
  const echo: Transport = ({ target: path, headers, body, method }) => {
    const text = `${path} ${headers.join(' ')} ${Buffer.from(body).toString()} ${secret}`;
    const said = new Map([
      ['x-echo', text],
      ['etag', secret],
    ]);
    return Promise.resolve({
      status: 200,
      headers: method === 'GET' ? said : new Map(),
      body: Buffer.from(`<Error><Code>${method === 'DELETE' ? 'no' : secret}</Code></Error>`),
    });
  };
  const steps = (id: string): ConformanceCase['steps'] => [
    { do: 's3', method: 'PUT', key: 'first', content: { text: `content with ${secret}` } },
    {
      ...{ do: 's3', method: 'GET', key: id, presigned: true, expect: { headers: { etag: 'e' } } },
      headers: { 'x-amz-server-side-encryption-customer-key': key },
    },
  ];
  const cases = [
    made('bad', 200, { steps: steps('bad') }),
    made('other', 200, { steps: steps('other') }),
    made('good', 200),
  ];
  const { results } = await run(cases, echo, { environment: { SECRET: secret } });
  expect(results.map(({ outcome, exchanges }) => [outcome, exchanges.map(({ step }) => step)])).toEqual([
    ['fail', [1, 2]],
    ['fail', [1, 2]],
    ['pass', []],
  ]);
  const text = JSON.stringify(results);
  for (const hidden of [secret, key]) expect(text).not.toContain(hidden);
  expect(text).not.toMatch(/X-Amz-Signature=[0-9a-f]/);
  expect(results[0]?.problems).toContain('step 2, presigned GET bad: header etag is "[redacted]", expected "e"');
});
