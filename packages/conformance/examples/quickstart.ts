import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { casesOf, explainCase, parseTarget, printSummary, runConformance } from '@coffer/conformance';

// Here, an endpoint that forbids everything; yours is already there.
const server = createServer((_, response) => response.writeHead(403).end());
const port = await new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : 0);
  });
});

// What is to be tried. The secret is not in it, only the name of the environment variable that holds it.
const target = parseTarget({
  name: 'my endpoint',
  s3: { url: `http://127.0.0.1:${port}`, accessKeyId: 'my-key', secretAccessKey: { env: 'MY_SECRET' } },
  features: ['sse-c'],
  deviations: [{ case: 's3/objects/sse-c/etag-tells-nothing', reason: 'the ETag is the MD5 until version 2' }],
});

// Cases are data, and say what they do.
const cases = casesOf('s3', ['wrong-key']);
assert.match(cases.map(explainCase).join('\n'), /is not given out for another key than its own/);

// A run makes a bucket of its own and removes it; an endpoint that refuses even that is no result, but an error.
try {
  const report = await runConformance({ target, profile: 's3', cases, environment: { MY_SECRET: 'secret' } });
  assert.match(printSummary(report), /pass/);
} catch (error) {
  assert.match(String(error), /CreateBucket was refused: 403/);
} finally {
  server.close();
}
