import { expect, it } from 'vitest';
import { createMetrics } from '../observe/metrics.ts';
import { addEnded, renderSum } from './metric-sum.ts';

function processWith(requests: number) {
  const metrics = createMetrics(() => requests);
  for (let i = 0; i < requests; i++)
    metrics.requestFinished({
      ...{ peer: '192.0.2.1', keyId: null, bucketId: null, refusedCredentials: null },
      ...{ requestId: 'r', operation: 'b2_upload_file', method: 'POST', version: 'v4', status: 200, errorCode: null },
      ...{ bytesIn: 100, bytesOut: 10, durationMs: 30, encryption: 'SSE-B2', deliberate: false, incomplete: false },
    });
  return metrics;
}

it('adds up what processes counted, also those that have ended', async () => {
  const [one, two, gone] = await Promise.all([2, 3, 5].map((requests) => processWith(requests).values()));
  const ended = await addEnded(await addEnded([], gone!), gone!);
  const { text } = await renderSum([one!, two!, ended]);
  expect(text).toContain('coffer_requests_total{operation="b2_upload_file",status="200",code=""} 15\n');
  expect(text).toContain('coffer_received_bytes_total{operation="b2_upload_file",encryption="SSE-B2"} 1500\n');
  expect(text).toContain('coffer_request_duration_seconds_count{operation="b2_upload_file"} 15\n');
  expect(text).toContain('coffer_request_duration_seconds_bucket{le="0.1",operation="b2_upload_file"} 15\n');
  // Those that have ended have no requests under way.
  expect(text).toContain('coffer_requests_active 5\n');
});
