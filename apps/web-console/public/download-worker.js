// Answers the addresses below /downloads/ with files that a page of this console hands over, piece by piece, so that
// the browser writes large files to the disk without holding them in memory. Nothing is fetched, cached or kept.
//
// A page sends { id, name, size } with a port, and goes to /downloads/<id>. Through the port, 'pull' asks it for the
// next piece; it answers with bytes, with 'end', or with 'failed'. 'cancelled' tells it that the browser has given up.

/* global self, Response, ReadableStream, clearTimeout */

/** Milliseconds that a file waits for the browser to ask for it. */
const waitMs = 60_000;
/** Files that wait, by id. */
const waiting = new Map();

self.addEventListener('install', () => {
  self.skipWaiting();
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  const { id, name, size } = event.data ?? {};
  const [port] = event.ports;
  // Messages without a file only keep this worker from being ended while it hands one over.
  if (typeof id !== 'string' || port === undefined) return;
  const timer = setTimeout(() => {
    waiting.delete(id);
  }, waitMs);
  waiting.set(id, { name: String(name), size: Number(size), port, timer });
  port.postMessage('ready');
});

self.addEventListener('fetch', (event) => {
  const id = new URL(event.request.url).pathname.replace('/downloads/', '');
  const file = waiting.get(id);
  if (file === undefined || event.request.method !== 'GET') {
    // No content: the browser stays on the page where it is.
    event.respondWith(new Response(null, { status: 204 }));
    return;
  }
  waiting.delete(id);
  clearTimeout(file.timer);
  const { stream, ended } = streamOf(file.port);
  event.respondWith(new Response(stream, { headers: headersOf(file) }));
  event.waitUntil(ended);
});

function streamOf(port) {
  let end;
  const ended = new Promise((resolve) => {
    end = resolve;
  });
  const stream = new ReadableStream(
    {
      start(controller) {
        port.onmessage = ({ data }) => {
          if (data instanceof Uint8Array) {
            controller.enqueue(data);
          } else {
            if (data === 'end') controller.close();
            else controller.error(new Error('The download failed'));
            end();
          }
          answered();
        };
      },
      pull() {
        port.postMessage('pull');
        return new Promise((resolve) => {
          answered = resolve;
        });
      },
      cancel() {
        port.postMessage('cancelled');
        answered();
        end();
      },
    },
    { highWaterMark: 0 },
  );
  let answered = () => {};
  return { stream, ended };
}

function headersOf({ name, size }) {
  const headers = {
    'Content-Type': 'application/octet-stream',
    // RFC 8187; beside letters and digits, everything is in percent-encoding.
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, percent)}`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  };
  return Number.isSafeInteger(size) ? { ...headers, 'Content-Length': String(size) } : headers;
}

function percent(character) {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
