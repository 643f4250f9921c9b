import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { streamOf } from '@coffer/bytes';
import { formatContentRange, parseRange, resolveRange, unsatisfiedContentRange } from '@coffer/http';
import type { HttpHandler, HttpRequest, HttpResponse } from '@coffer/http';
import { attach } from '@coffer/http/node';
import { testRequest } from '@coffer/http/testing';

const content = new TextEncoder().encode('hello world');

function answer(request: HttpRequest): HttpResponse {
  const wanted = resolveRange(parseRange(request.headers.get('range')), content.length);
  if (wanted.kind === 'unsatisfiable') {
    return { status: 416, headers: [['Content-Range', unsatisfiedContentRange(content.length)]] };
  }
  if (wanted.kind === 'whole') return { status: 200, headers: [['Accept-Ranges', 'bytes']], body: content };
  const { start, length } = wanted.range;
  return {
    status: 206,
    headers: [['Content-Range', formatContentRange(wanted.range, content.length)]],
    body: { stream: streamOf(content.subarray(start, start + length)), length },
  };
}

const handler: HttpHandler = (request) => Promise.resolve(answer(request));

// A handler is a function, so most tests need no socket.
const refused = await handler(testRequest({ headers: { Range: 'bytes=11-' } }));
assert.equal(refused.status, 416);

// The same handler behind node:http.
const server = createServer();
attach(server, handler);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
assert.ok(typeof address === 'object' && address !== null);

const response = await fetch(`http://127.0.0.1:${address.port}/`, { headers: { Range: 'bytes=-5' } });
assert.equal(response.status, 206);
assert.equal(response.headers.get('content-range'), 'bytes 6-10/11');
assert.equal(await response.text(), 'world');

server.closeAllConnections();
server.close();
