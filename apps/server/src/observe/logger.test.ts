import { HeaderList } from '@coffer/http';
import { testRequest } from '@coffer/http/testing';
import { describe, expect, it } from 'vitest';
import { collectLog } from '../test-support/temporary-place.ts';
import { createLogger } from './logger.ts';
import { headersToLog } from './logged-headers.ts';
import { logRequests } from './request-log.ts';

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

it('can be read by people', async () => {
  const { logger, text } = await logAt('info', 'pretty');
  logger.info({ port: 1 }, 'ready');
  expect(text()).toMatch(/INFO: ready\n\s+port: 1\n/);
});

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

  it('are logged without their query, at level debug only', async () => {
    const request = testRequest({ target: '/file/b/n?Authorization=secret-query', headers });
    for (const level of ['debug', 'info'] as const) {
      const { logger, text } = await logAt(level);
      await logRequests(() => Promise.resolve({ status: 200, headers: [] }), logger)(request);
      expect(text().includes('"/file/b/n"')).toBe(level === 'debug');
      expect(text()).not.toMatch(/secret|unknown/i);
    }
  });
});
