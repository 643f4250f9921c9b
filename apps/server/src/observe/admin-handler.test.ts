import { responseBytes, testRequest } from '@coffer/http/testing';
import { StorageError, type StorageHealth } from '@coffer/storage-core';
import { expect, it } from 'vitest';
import { createAdminHandler, type ServerState } from './admin-handler.ts';
import { createMetrics } from './metrics.ts';

let state: ServerState = 'ready';
let storeWorks = true;
let shortcoming: string | undefined;
let health: StorageHealth = { state: 'ok', reason: null, since: null };
const metrics = createMetrics(() => 7);
metrics.watchStorage(() => health);
const handler = createAdminHandler({
  state: () => state,
  checkStore: () => (storeWorks ? Promise.resolve() : Promise.reject(new Error('io'))),
  front: {
    refresh: () => Promise.resolve(),
    health: () => health,
    shortcoming: () => shortcoming,
    render: () => metrics.render(),
  },
});

async function ask(target: string, method = 'GET') {
  const response = await handler(testRequest({ target, method }));
  return { status: response.status, text: new TextDecoder().decode(await responseBytes(response)) };
}

it('is healthy whatever the state', async () => {
  for (state of ['starting', 'ready', 'stopping'] as const)
    expect(await ask('/healthz')).toEqual({ status: 200, text: 'ok\n' });
});

it('is ready only between start and stop, and while the store answers', async () => {
  for (state of ['starting', 'stopping'] as const)
    expect(await ask('/readyz')).toEqual({ status: 503, text: `${state}\n` });
  state = 'ready';
  expect(await ask('/readyz')).toEqual({ status: 200, text: 'ready\n' });
  storeWorks = false;
  expect(await ask('/readyz')).toEqual({ status: 503, text: 'the store does not answer\n' });
  storeWorks = true;
  shortcoming = '1 of 2 workers serve';
  expect(await ask('/readyz')).toEqual({ status: 503, text: '1 of 2 workers serve\n' });
  shortcoming = undefined;
});

it('stays ready on a full disk, and is not where the store takes no changes', async () => {
  health = { state: 'read-only', reason: 'no space', since: 1 };
  expect(await ask('/readyz')).toEqual({ status: 200, text: 'ready, read-only: no space\n' });
  expect((await ask('/metrics')).text).toContain('coffer_storage_state{state="read-only"} 1\n');
  health = { state: 'failed', reason: 'unknown outcome', since: 1 };
  const text = 'the store takes no changes until the server is started again: unknown outcome\n';
  expect(await ask('/readyz')).toEqual({ status: 503, text });
  expect((await ask('/metrics')).text).toContain('coffer_storage_state{state="ok"} 0\n');
});

it('shows what was measured', async () => {
  metrics.requestFinished({
    ...{ requestId: 'r', peer: '192.0.2.1', keyId: null, bucketId: null, refusedCredentials: 'token_invalid' },
    operation: 'b2_upload_file',
    method: 'POST',
    version: 'v4',
    status: 200,
    errorCode: null,
    bytesIn: 100,
    bytesOut: 10,
    durationMs: 30,
    encryption: 'SSE-C',
    deliberate: false,
    incomplete: true,
  });
  metrics.errorSeen(new StorageError('integrity', 'damaged', { fileId: 'f' }));
  metrics.errorSeen('odd');
  const { text } = await ask('/metrics?x=1');
  expect(text).toContain('coffer_requests_active 7\n');
  expect(text).toContain('coffer_requests_total{operation="b2_upload_file",status="200",code=""} 1\n');
  expect(text).toContain('coffer_received_bytes_total{operation="b2_upload_file",encryption="SSE-C"} 100\n');
  expect(text).toContain('coffer_answers_cut_total{operation="b2_upload_file"} 1\n');
  expect(text).toContain('coffer_errors_total{code="integrity"} 1\n');
  expect(text).toContain('coffer_errors_total{code="unexpected"} 1\n');
});

it('answers nothing else', async () => {
  expect((await ask('/')).status).toBe(404);
  expect((await ask('/metrics', 'POST')).status).toBe(405);
});
