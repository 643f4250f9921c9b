import type { B2RequestEvent } from '@coffer/b2-protocol';
import { HeaderList } from '@coffer/http';
import { testRequest } from '@coffer/http/testing';
import { describe, expect, it } from 'vitest';
import { collectLog } from '../test-support/temporary-place.ts';
import { createLogger } from './logger.ts';
import { headersToLog } from './logged-headers.ts';
import { createErrorLog } from './error-log.ts';
import { createMetrics } from './metrics.ts';
import { logFinishedRequest } from './request-log.ts';

async function logAt(logLevel: 'debug' | 'info', logFormat: 'json' | 'pretty' = 'json') {
  const log = collectLog();
  return { logger: await createLogger({ logLevel, logFormat, destination: log }), text: log.text };
}

describe('an error in the log', () => {
  const error = Object.assign(new Error('no', { cause: new Error('deep') }), { code: 'x', detail: 'not to be logged' });

  it('is its name, code, message and cause, and no other field', async () => {
    const { logger, text } = await logAt('info');
    logger.error({ err: error }, 'failed');
    expect(JSON.parse(text())).toMatchObject({
      level: 'error',
      msg: 'failed',
      err: { type: 'Error', code: 'x', message: 'no', cause: { message: 'deep' } },
    });
    expect(text()).not.toMatch(/not to be logged|logger\.test/);
  });

  it('has its stack at level debug', async () => {
    const { logger, text } = await logAt('debug');
    logger.error({ err: error });
    expect(text()).toContain('logger.test');
  });
});

it('redacts what should not have been logged at all', async () => {
  const { logger, text } = await logAt('info');
  logger.info({ authorization: 'a-secret', request: { customerKey: 'b-secret' } }, 'oops');
  expect(text()).toContain('[Redacted]');
  expect(text()).not.toMatch(/[ab]-secret/);
});

it('can be read by people, a line for each event', async () => {
  const { logger, text } = await logAt('info', 'pretty');
  logger.info({ port: 1, urls: { http: 'h' } }, 'ready');
  expect(text()).toMatch(/^\[[\d:.]+\] .*INFO.*: .*ready.*\{"port":1,"urls":\{"http":"h"\}\}\n$/);
});

const event: B2RequestEvent = {
  ...{ requestId: '0123', peer: '192.0.2.1', keyId: 'k', bucketId: 'b', refusedCredentials: null },
  ...{ operation: 'b2_download_file_by_name', method: 'GET', version: null, status: 200, errorCode: null },
  ...{ bytesIn: 0, bytesOut: 5, durationMs: 1, encryption: 'none', deliberate: false, incomplete: false },
};

/** Of what is not deliberate, nothing says so. */
const { deliberate: _, ...shown } = event;

describe('requests', () => {
  const headers = new HeaderList([
    ['Host', 'localhost'],
    ['User-Agent', 'x'.repeat(500)],
    ['Authorization', 'secret-token'],
    ['X-Bz-Server-Side-Encryption-Customer-Key', 'secret-key'],
    ['X-Unknown', 'secret-unknown'],
  ]);

  it('are logged with allowed headers only', () => {
    expect(headersToLog(headers)).toEqual({ host: 'localhost', 'user-agent': 'x'.repeat(200) });
  });

  it.each(['debug', 'info'] as const)(
    'are one line each at level %s, which says who did what to which bucket',
    async (level) => {
      const request = testRequest({ target: '/file/b/n?Authorization=secret-query', headers });
      const { logger, text } = await logAt(level);
      logFinishedRequest(logger, event, request);
      const [line, ...more] = text().split('\n').slice(0, -1);
      expect(more).toEqual([]);
      expect(JSON.parse(line!)).toMatchObject({ ...shown, level: 'info', msg: 'b2_download_file_by_name 200' });
      expect(text().includes('"/file/b/n"')).toBe(level === 'debug');
      expect(text()).not.toMatch(/secret|unknown/i);
    },
  );

  it('are one short line each for people, which names the request where it failed', async () => {
    const { logger, text } = await logAt('info', 'pretty');
    logFinishedRequest(logger, { ...event, bytesIn: 120 }, testRequest());
    logFinishedRequest(logger, { ...event, status: 404, errorCode: 'not_found' }, testRequest());
    const [success, failure, ...more] = text().split('\n').slice(0, -1);
    expect(success).toMatch(/ b2_download_file_by_name 200 {2}1 ms, 120 bytes in, 5 out\W*$/);
    expect(failure).toMatch(/ b2_download_file_by_name 404 {2}not_found, 1 ms, 5 out, request 0123\W*$/);
    expect(more).toEqual([]);
  });

  it('are one line for people at level debug, too, with all that is known', async () => {
    const { logger, text } = await logAt('debug', 'pretty');
    logFinishedRequest(logger, event, testRequest({ target: '/file/b/n', headers }));
    expect(text().split('\n')).toHaveLength(2);
    for (const fact of ['"path":"/file/b/n"', '"requestId":"0123"', '"host":"localhost"'])
      expect(text()).toContain(fact);
  });

  it.each([
    [{ status: 500, errorCode: 'internal_error' }, 'b2_download_file_by_name 500'],
    [{ incomplete: true }, 'b2_download_file_by_name 200 (cut short)'],
  ] as const)('that fail are a warning: %j', async (change, msg) => {
    const { logger, text } = await logAt('info');
    logFinishedRequest(logger, { ...event, ...change }, testRequest());
    expect(JSON.parse(text())).toMatchObject({ ...shown, ...change, level: 'warn', msg });
  });
});

it('what several layers report of one failure is one line and one count', async () => {
  const { logger, text } = await logAt('info');
  const metrics = createMetrics(() => 0);
  const report = createErrorLog(logger, metrics);
  const error = new Error('no');
  report(error, { requestId: 'r1' }, 'a request failed');
  report(error, {}, 'an answer failed');
  report(new Error('no'), { requestId: 'r2' }, 'a request failed');
  expect(text().match(/"level":"error"/g)).toHaveLength(2);
  expect((await metrics.render()).text).toContain('coffer_errors_total{code="unexpected"} 2\n');
});
