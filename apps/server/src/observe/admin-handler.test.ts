import { responseBytes, testRequest } from '@coffer/http/testing';
import { StorageError } from '@coffer/storage-core';
import { expect, it } from 'vitest';
import { createAdminHandler, type ServerState } from './admin-handler.ts';
import { createMetrics } from './metrics.ts';

let state: ServerState = 'ready';
let storeWorks = true;
const metrics = createMetrics(() => 7);
const handler = createAdminHandler({
  state: () => state,
  checkStore: () => (storeWorks ? Promise.resolve() : Promise.reject(new Error('io'))),
  metrics,
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
});

it('shows what was measured', async () => {
  metrics.requestFinished({
    requestId: 'r',
    operation: 'b2_upload_file',
    method: 'POST',
    version: 'v4',
    status: 200,
    errorCode: null,
    bytesIn: 100,
    bytesOut: 10,
    durationMs: 30,
    encryption: 'SSE-C',
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
