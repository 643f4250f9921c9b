import { HeaderList, type HttpResponse } from '@coffer/http';
import { responseBytes, testRequest } from '@coffer/http/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consolePlace, page, script } from '../test-support/console-place.ts';
import { loadConsoleFiles } from './console-files.ts';
import { staticHandler } from './static-handler.ts';

let root: string;
let handler: ReturnType<typeof staticHandler>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'coffer-console-'));
  await writeFile(join(root, 'secret.txt'), 'not for anybody');
  const files = await loadConsoleFiles(await consolePlace(root));
  handler = staticHandler(files!);
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function get(target: string, headers: Record<string, string> = {}, method = 'GET') {
  const response: HttpResponse = await handler(testRequest({ method, target, headers }));
  const bytes = await responseBytes(response, 100_000);
  return {
    status: response.status,
    headers: new HeaderList(response.headers),
    bytes,
    text: Buffer.from(bytes).toString(),
  };
}

describe('files of the console', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/favicon.svg', 'image/svg+xml', 'no-cache'],
    ['/assets/index-1a2b.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/index-3c4d.css?x=1', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
  ])('%s', async (target, type, caching) => {
    const { status, headers } = await get(target);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, type, caching]);
  });

  it('have headers that let nothing else run, and nobody frame them', async () => {
    for (const target of ['/', '/assets/index-1a2b.js', '/buckets/one', '/assets/none.js']) {
      const { headers } = await get(target);
      const policy = headers.get('content-security-policy')?.split('; ');
      expect(policy).toEqual([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ]);
      expect(Object.fromEntries(headers.pairs)).toMatchObject({
        'X-Frame-Options': 'DENY',
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Resource-Policy': 'same-origin',
      });
      expect(headers.has('set-cookie')).toBe(false);
    }
  });

  it('are sent compressed to who takes that', async () => {
    const target = '/assets/index-1a2b.js';
    const brotli = await get(target, { 'Accept-Encoding': 'gzip, deflate, br' });
    expect(brotli.headers.get('content-encoding')).toBe('br');
    expect(brotliDecompressSync(brotli.bytes).toString()).toBe(script);
    const gzip = await get(target, { 'Accept-Encoding': 'br;q=0, gzip;q=0.5' });
    expect(gzip.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(gzip.bytes).toString()).toBe(script);
    const plain = await get(target);
    expect([plain.headers.has('content-encoding'), plain.text]).toEqual([false, script]);
    for (const { headers } of [brotli, gzip, plain]) expect(headers.get('vary')).toBe('Accept-Encoding');
    expect(new Set([brotli, gzip, plain].map(({ headers }) => headers.get('etag'))).size).toBe(3);
  });

  it('are not sent again to who has them', async () => {
    const etag = (await get('/')).headers.get('etag')!;
    const again = await get('/', { 'If-None-Match': etag });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    expect((await get('/', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('are told of to HEAD', async () => {
    const { status, headers, bytes } = await get('/', {}, 'HEAD');
    expect([status, headers.get('content-length'), bytes.length]).toEqual([200, String(page.length), 0]);
  });
});

describe('paths that name no file', () => {
  it.each(['/buckets', '/buckets/one/files', '/buckets/a%2Fb', '//', '/a//b', '/..', '/../../etc/passwd', '/%00'])(
    '%s is a place in the console',
    async (target) => {
      expect(await get(target)).toMatchObject({ status: 200, text: page });
    },
  );

  it('below a folder of users may look like a file, to a browser that asks for a page', async () => {
    const target = '/buckets/one/v1.0/report.pdf';
    expect(await get(target, { Accept: 'text/html,*/*;q=0.8' })).toMatchObject({ status: 200, text: page });
    expect((await get(target)).status).toBe(404);
  });

  it.each(['/downloads/', '/downloads/7b1c', '/downloads/7b1c?x=1', '/downloads/report.pdf', '/downloads/a/b'])(
    '%s belongs to the service worker of downloads: nothing comes that could be saved as a file',
    async (target) => {
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, bytes } = await get(target, { Accept: 'text/html,*/*;q=0.8' }, method);
        expect([status, bytes.length, headers.has('content-type')]).toEqual([204, 0, false]);
        expect(headers.get('cache-control')).toBe('no-store');
      }
    },
  );

  it.each([
    '/none.js',
    '/robots.txt',
    '/assets/none',
    '/assets/none.js',
    '/assets/index-1a2b.js.br',
    '/assets/',
    '/assets/../index.html',
    '/assets/..%2f..%2fsecret.txt',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%5csecret.txt',
    '/INDEX.HTML',
    '*',
    'secret.txt',
  ])('%s is no file', async (target) => {
    const answer = await get(target, target.startsWith('/assets') ? { Accept: 'text/html' } : {});
    expect(answer).toMatchObject({ status: 404, text: 'There is no such file\n' });
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'])('%s is refused', async (method) => {
    const { status, headers } = await get('/', { Origin: 'https://other.example' }, method);
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(headers.pairs.filter(([name]) => /^access-control/i.test(name))).toEqual([]);
  });
});

describe('a directory', () => {
  it('without a page, or that does not exist, is no console', async () => {
    expect(await loadConsoleFiles(join(root, 'nowhere'))).toBeUndefined();
    expect(await loadConsoleFiles(join(root, 'console', 'assets'))).toBeUndefined();
  });
});
