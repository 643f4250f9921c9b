import { testRequest } from '@coffer/http/testing';
import type { StorageHealth } from '@coffer/storage-core';
import { expect, it } from 'vitest';
import { collectLog } from '../test-support/temporary-place.ts';
import { createLogger } from './logger.ts';
import { logStorageState } from './storage-log.ts';

const full: StorageHealth = { state: 'read-only', reason: 'Writing the blob failed: ENOSPC', since: 1 };
const failed: StorageHealth = { state: 'failed', reason: 'The commit failed: EIO', since: 2 };
const ok: StorageHealth = { state: 'ok', reason: null, since: null };

it('says once each time that the storage begins or ceases to take changes, also where a request fails', async () => {
  const log = collectLog();
  const logger = await createLogger({ logLevel: 'info', logFormat: 'json', destination: log });
  let health = ok;
  let fails = false;
  const handler = logStorageState(
    () => (fails ? Promise.reject(new Error('cut short')) : Promise.resolve({ status: 403, headers: [] })),
    () => health,
    logger,
  );
  for (const next of [ok, full, full, ok, failed]) {
    health = next;
    fails = next === failed;
    await handler(testRequest({})).catch(() => undefined);
  }
  const lines = log
    .text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ level, msg, reason }) => [level, msg, reason])).toEqual([
    ['warn', 'no space is left: reads and deletions go on, everything else is refused', full.reason],
    ['info', 'the storage takes changes again', undefined],
    ['error', 'the storage takes no changes until the server is started again; reads go on', failed.reason],
  ]);
});
