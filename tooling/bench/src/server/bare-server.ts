import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { BareChunks } from './bare-chunks.ts';
import { BareStore } from './bare-store.ts';

/**
 * A server that does only what any Node server has to do for the same bytes: receive, digest, write and flush; read and
 * send. Arguments: a directory, and `sealed` to encrypt what is in files.
 */
const chunks = process.argv[3] === 'sealed' ? new BareChunks() : undefined;
const store = await BareStore.open(process.argv[2] ?? '', chunks);
const reading = { highWaterMark: 256 * 1024 };

const server = createServer((message, response) => {
  answer(message, response).catch((error: unknown) => {
    response.destroy(error instanceof Error ? error : undefined);
  });
});

async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
  if (message.method === 'POST') {
    const body = JSON.stringify(await store.write(message));
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
    return;
  }
  const found = store.find(message.url?.slice(1) ?? '');
  if (found === undefined) {
    response.writeHead(404, { 'Content-Length': 0 }).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': found.length });
  if ('offset' in found) response.end(store.readInline(found.offset, found.length));
  else if (chunks === undefined) await pipeline(createReadStream(found.path, reading), response);
  else await sendGathered(chunks.open(createReadStream(found.path, reading)), response);
}

/** Sends pieces in as few system calls as their number allows. */
async function sendGathered(body: AsyncIterable<Uint8Array>, response: ServerResponse): Promise<void> {
  let gathered = 0;
  response.cork();
  for await (const piece of body) {
    gathered += piece.length;
    response.write(piece);
    if (gathered < reading.highWaterMark) continue;
    gathered = 0;
    response.uncork();
    if (response.writableNeedDrain) await once(response, 'drain');
    response.cork();
  }
  response.uncork();
  response.end();
}

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close();
});
