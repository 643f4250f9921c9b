import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { authorize, call, type Answer, type Session } from '../test-support/b2-calls.ts';
import { consolePlace } from '../test-support/console-place.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';
import type { RunningServer } from './running-server.ts';

const undo: (() => Promise<void>)[] = [];
const { start, temporaryDirectory } = testPlaces((step) => undo.push(step));

let server: RunningServer;
let session: Session;
let url: string;
let publicBucket: string;

beforeAll(async () => {
  const root = await temporaryDirectory();
  server = await start(testConfig(root, { consoleListen: '127.0.0.1:0' }), { consoleFiles: await consolePlace(root) });
  url = server.urls.console!;
  const secret = server.masterKey!.expose((text) => text);
  session = await authorize(server.urls.http!, server.masterKeyId, secret);
  const { accountId } = session;
  const made = await session.api('b2_create_bucket', {
    ...{ accountId, bucketName: 'public-bucket', bucketType: 'allPublic' },
    corsRules: [
      {
        corsRuleName: 'everybody',
        allowedOrigins: ['*'],
        allowedHeaders: ['*'],
        allowedOperations: ['b2_download_file_by_id', 'b2_download_file_by_name', 'b2_upload_file'],
        exposeHeaders: ['x-bz-content-sha1'],
        maxAgeSeconds: 3600,
      },
    ],
  });
  publicBucket = String(made['bucketId']);
});

afterAll(async () => {
  for (const step of undo.toReversed()) await step();
});

const evil = 'https://evil.example';

/** Stores a file of an attacker; its id. */
async function stored(name: string, content: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await session.upload(publicBucket, encodeURIComponent(name), Buffer.from(content), headers);
  expect([answer.status, answer.status === 200 ? '' : answer.bytes.toString()]).toEqual([200, '']);
  return String((JSON.parse(answer.bytes.toString()) as Record<string, unknown>)['fileId']);
}

/** What must be true of everything that has the content of a file. */
function isHarmless({ headers }: Answer): void {
  expect(headers['content-type']).toBe('application/octet-stream');
  expect(headers['content-disposition']).toMatch(/^attachment; filename/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
  expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  expect(headers['cache-control']).toBe('no-store');
}

/** All header lines and the body that come back for these bytes. */
async function raw(bytes: string): Promise<string> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

const rawGet = (target: string, lines = 'Host: x\r\n') =>
  raw(`GET ${target} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);

describe('a stored page, image or script, opened at the address of the console', () => {
  it.each([
    ['page.html', 'text/html', '<script>alert(document.domain)</script>'],
    ['image.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['worker.js', 'text/javascript', 'self.onfetch = (event) => event.respondWith(new Response("evil"))'],
    ['style.css', 'text/css', 'body { display: none }'],
    [
      'data.xml',
      'application/xhtml+xml',
      '<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    ],
    ['looks-like-json', 'application/json;charset=utf-8', '{"a":"<script>"}'],
  ])('%s (%s) is an attachment that cannot run', async (name, type, content) => {
    const fileId = await stored(name, content, {
      'Content-Type': type,
      'X-Bz-Info-b2-content-disposition': 'inline',
      'X-Bz-Info-b2-cache-control': 'public%2C%20max-age%3D31536000',
    });
    const answers = [
      await call(`${url}/file/public-bucket/${name}`),
      await call(`${url}/file/public-bucket/${name}`, { headers: { Range: 'bytes=0-3' } }),
      await call(`${url}/file/public-bucket/${name}`, { method: 'HEAD' }),
      await call(`${url}/b2api/v4/b2_download_file_by_id?fileId=${fileId}`),
      await call(`${url}/b2api/v2/b2_download_file_by_id`, { method: 'POST', body: JSON.stringify({ fileId }) }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 206, 200, 200, 200]);
    for (const answer of answers) isHarmless(answer);
  });

  it('stays one, whatever the link asks for', async () => {
    const fileId = await stored('override.html', '<script>alert(1)</script>');
    const { authorizationToken } = await session.api('b2_get_download_authorization', {
      ...{ bucketId: publicBucket, fileNamePrefix: 'override', validDurationInSeconds: 60 },
      b2ContentDisposition: 'inline; filename="shown.html"',
      b2ContentType: 'text/html',
      b2CacheControl: 'public',
    });
    const asked = 'b2ContentType=text%2Fhtml&b2CacheControl=public';
    const inline = 'b2ContentDisposition=inline%3B%20filename%3D%22shown.html%22';
    const link = `${url}/file/public-bucket/override.html?Authorization=${String(authorizationToken)}&${asked}&${inline}`;
    const master = { headers: { Authorization: session.token } };
    for (const answer of [
      await call(link),
      await call(`${url}/file/public-bucket/override.html?${asked}&b2ContentDisposition=inline`, master),
      await call(`${url}/b2api/v4/b2_download_file_by_id?fileId=${fileId}&${asked}`, master),
    ]) {
      expect(answer.status).toBe(200);
      isHarmless(answer);
    }
    expect((await call(link)).headers['content-disposition']).toBe('attachment; filename="shown.html"');
  });

  it('has any name that B2 allows', async () => {
    const names = [
      '<script>alert(1)<!--/script>.html',
      '"; filename=evil.html; x="',
      "'%0d%0aSet-Cookie: a=b",
      'cafe\u0301 \u202egpj.exe',
      '😀'.repeat(250),
      `${'x'.repeat(1_020)}.js`,
      'a?b#c&d=e;f',
      '\u2028\u2029\ufeff',
      '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      'javascript:alert(1)',
    ];
    for (const name of names) {
      const fileId = await stored(name, 'x', { 'Content-Type': 'text/html' });
      const byName = await call(`${url}/file/public-bucket/${encodeURIComponent(name)}`);
      const byId = await call(`${url}/b2api/v4/b2_download_file_by_id?fileId=${fileId}`);
      for (const answer of [byName, byId]) {
        expect([answer.status, name]).toEqual([200, name]);
        isHarmless(answer);
        expect(answer.headers['set-cookie']).toBeUndefined();
      }
    }
  });
});

describe('a page of another origin', () => {
  const crossing = (answer: Answer) => Object.keys(answer.headers).filter((name) => name.startsWith('access-control'));

  it('may read nothing, though the rules of the bucket let everybody', async () => {
    await stored('shared.txt', 'shared');
    const headers = { Origin: evil };
    const elsewhere = await call(`${server.urls.http!}/file/public-bucket/shared.txt`, { headers });
    expect(crossing(elsewhere)).toContain('access-control-allow-origin');
    for (const path of [
      '/file/public-bucket/shared.txt',
      '/',
      '/b2api/v4/b2_list_keys',
      '/cofferapi/v1/coffer_get_console',
    ])
      expect(crossing(await call(`${url}${path}`, { headers }))).toEqual([]);
  });

  it.each(['/file/public-bucket/shared.txt', '/b2api/v4/b2_list_keys', '/cofferapi/v1/coffer_get_server', '/'])(
    'is refused what it asks for in a preflight to %s',
    async (path) => {
      const asked = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' };
      const answer = await call(`${url}${path}`, { method: 'OPTIONS', headers: { Origin: evil, ...asked } });
      expect([answer.status, crossing(answer)]).toEqual([405, []]);
    },
  );

  it('has no credential that the browser would send by itself: no cookie is set, and none is read', async () => {
    const cookies = { Cookie: `token=${session.token}; Authorization=${session.token}`, Origin: evil };
    const listing = `/b2api/v4/b2_list_buckets?accountId=${session.accountId}`;
    for (const path of [listing, '/cofferapi/v1/coffer_get_server']) {
      const answer = await call(`${url}${path}`, { method: 'POST', headers: cookies, body: '{}' });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined]);
      const signedIn = await call(`${url}${path}`, { headers: { Authorization: session.token } });
      expect([signedIn.status, signedIn.headers['set-cookie']]).toEqual([200, undefined]);
    }
    // A form of another page can send neither the header nor JSON with it.
    const form = await call(`${url}/b2api/v4/b2_create_bucket`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: evil },
      body: `Authorization=${encodeURIComponent(session.token)}&bucketName=evil`,
    });
    expect(form.status).toBe(401);
  });

  it('cannot show the pages in a frame', async () => {
    for (const path of ['/', '/buckets', '/assets/index-1a2b.js', '/assets/none']) {
      const { headers } = await call(`${url}${path}`);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-frame-options']).toBe('DENY');
    }
  });
});

describe('odd requests', () => {
  it.each([
    '/../../../../etc/passwd',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%00/etc/passwd',
    '//etc/passwd',
    '/\\..\\..\\etc\\passwd',
    'file:///etc/passwd',
    'http://evil.example/../../etc/passwd',
    '/file/../../../etc/passwd',
    '/b2api/../../etc/passwd',
  ])('GET %s leads to no file of the machine and to no other address', async (target) => {
    const text = await rawGet(target);
    expect(text).toMatch(/^HTTP\/1\.1 (?:200|400|401|404) /);
    expect(text).not.toMatch(/root:|"name": "@coffer/);
    expect(text).not.toMatch(/^Location:/im);
  });

  it.each([
    '//evil.example/',
    '/\\evil.example',
    '/%5cevil.example',
    '/https://evil.example',
    '/?next=https://evil.example',
  ])('%s redirects nowhere', async (target) => {
    expect(await rawGet(target)).not.toMatch(/^HTTP\/1\.1 3|^Location:/im);
  });

  it('a Host header that is none, repeated or missing appears in no answer', async () => {
    const nonsense = '"><script>alert(1)</script>';
    for (const lines of [
      `Host: ${nonsense}\r\n`,
      `Host: x\r\nHost: ${nonsense}\r\n`,
      `Host: \r\nX-Forwarded-Host: evil\r\n`,
    ])
      for (const target of ['/', '/buckets', '/b2api/v4/b2_authorize_account', '/assets/none'])
        expect(await rawGet(target, lines)).not.toMatch(/alert\(1\)|evil/);
    expect(await raw('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('TRACE and CONNECT send nothing back', async () => {
    for (const method of ['TRACE', 'TRACK', 'PROPFIND'])
      for (const target of ['/', '/b2api/v4/b2_list_keys', '/file/public-bucket/x']) {
        const text = await raw(
          `${method} ${target} HTTP/1.1\r\nHost: x\r\nX-Secret: abc123\r\nConnection: close\r\n\r\n`,
        );
        expect(text).toMatch(/^HTTP\/1\.1 (?:400|405) /);
        expect(text).not.toContain('abc123');
      }
    expect(await raw('CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n')).not.toMatch(
      /^HTTP\/1\.1 2/,
    );
  });

  it('are never answered with a page that shows what was sent', async () => {
    const markup = '<script>alert(1)</script>';
    const encoded = encodeURIComponent(markup);
    const answers = await Promise.all([
      call(`${url}/b2api/v4/${encoded}`),
      call(`${url}/b2api/v4/b2_list_file_names?bucketId=${encoded}`, { headers: { Authorization: session.token } }),
      call(`${url}/file/${encoded}/x`),
      call(`${url}/file/public-bucket/${encoded}`),
      call(`${url}/cofferapi/v1/${encoded}`),
      call(`${url}/cofferapi/v1/coffer_get_console?${encoded}=1`, { headers: { Authorization: session.token } }),
      call(`${url}/b2api/v4/b2_list_keys`, { method: 'POST', headers: { Authorization: markup } }),
      call(`${url}/${encoded}.js`),
    ]);
    for (const { status, headers } of answers) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers['content-type']).toMatch(/^(?:application\/json|text\/plain); ?charset=utf-8$/i);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});
