import { fc, test } from '@fast-check/vitest';
import { encodePercent } from '@coffer/b2-schema';
import { HeaderList, type HeaderPair } from '@coffer/http';
import { testRequest } from '@coffer/http/testing';
import contentDisposition from 'content-disposition';
import { describe, expect, it } from 'vitest';
import { guardedApi } from './guarded-api.ts';

/** The headers with which a file's answer leaves, of those that the protocol gave it. */
async function guardedFile(name: string, more: readonly HeaderPair[] = []): Promise<HeaderList> {
  const headers = [['X-Bz-File-Id', '4_z1'], ['X-Bz-File-Name', encodePercent(name)], ...more] as const;
  const guarded = guardedApi(() => Promise.resolve({ status: 200, headers, body: new Uint8Array(3) }));
  const response = await guarded(testRequest({ target: '/file/my-bucket/name' }));
  return new HeaderList(response.headers);
}

async function attachmentName(name: string, more: readonly HeaderPair[] = []): Promise<string | undefined> {
  const [line, ...others] = (await guardedFile(name, more)).getAll('content-disposition');
  expect(others).toEqual([]);
  const { type, parameters } = contentDisposition.parse(line!);
  expect(type).toBe('attachment');
  return parameters['filename'];
}

const disposed = (value: string): readonly HeaderPair[] => [['Content-Disposition', value]];

describe('the name that a file is saved under', () => {
  it.each([
    ['a.txt', 'a.txt'],
    ['folder/deeper/report.pdf', 'report.pdf'],
    ['folder/', 'folder'],
    ['..\\..\\evil.exe', 'evil.exe'],
    ['grüße €.txt', 'grüße €.txt'],
    ['photo\u202egnp.exe', 'photo_gnp.exe'],
    ['line\nbreak\r.txt', 'line_break_.txt'],
    ['"quoted"; filename=x.html', '"quoted"; filename=x.html'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['..', 'download'],
    [`${'x'.repeat(1_000)}.jpg`, `${'x'.repeat(116)}.jpg`],
    [`${'😀'.repeat(200)}a.jpg`, `_${'😀'.repeat(57)}a.jpg`],
  ])('of %j', async (name, expected) => {
    expect(await attachmentName(name)).toBe(expected);
  });

  it.each([
    ['inline', 'stored.txt'],
    ['inline; filename="shown.html"', 'shown.html'],
    ['attachment; filename="../../x.txt"', 'x.txt'],
    ["attachment; filename=a.txt; filename*=UTF-8''b%E2%82%AC.txt", 'b€.txt'],
    [`attachment; filename="${Buffer.from('grün.txt').toString('latin1')}"`, 'grün.txt'],
    ['no such header; ;;', 'stored.txt'],
    ['attachment; filename="a\u202eb.txt"', 'stored.txt'],
    ['attachment; filename=""', 'stored.txt'],
  ])('that asks for %j', async (value, expected) => {
    expect(await attachmentName('stored.txt', disposed(value))).toBe(expected);
  });

  test.prop([fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), fc.string({ unit: 'binary-ascii' })])(
    'is one line of plain characters, without a way to another folder',
    async (name, value) => {
      const line = (await guardedFile(name, disposed(value))).get('content-disposition')!;
      expect(line).toMatch(/^attachment; filename[*=][\x20-\x7e\xa0-\xff]*$/);
      expect(await attachmentName(name, disposed(value))).toMatch(/^[^/\\\p{Cc}]+$/u);
    },
  );
});

it('nothing that a file says of itself decides how a browser takes it', async () => {
  const headers = await guardedFile('a.html', [
    ['Content-Type', 'text/html'],
    ['Content-Disposition', 'inline'],
    ['Cache-Control', 'public, max-age=31536000'],
    ['Expires', 'Thu, 01 Dec 2094 16:00:00 GMT'],
    ['Content-Security-Policy', "default-src * 'unsafe-inline'"],
    ['X-Content-Type-Options', 'nosniff'],
    ['Access-Control-Allow-Origin', '*'],
    ['Set-Cookie', 'a=b'],
  ]);
  expect(headers.pairs).toEqual([
    ['X-Bz-File-Id', '4_z1'],
    ['X-Bz-File-Name', 'a.html'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Content-Security-Policy', "sandbox; default-src 'none'; frame-ancestors 'none'"],
    ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Content-Type', 'application/octet-stream'],
    ['Content-Disposition', 'attachment; filename="a.html"'],
    ['Cache-Control', 'no-store'],
  ]);
});

it('a browser is not asked for a password, and makes no other bytes of a file than are stored', async () => {
  const headers = await guardedFile('a', [
    ['Content-Encoding', 'gzip'],
    ['Content-Language', 'de'],
    ['WWW-Authenticate', 'Basic realm="x"'],
  ]);
  for (const name of ['content-encoding', 'content-language', 'www-authenticate'])
    expect(headers.has(name)).toBe(false);
});

it('what is neither a file nor JSON of the server is taken for a file', async () => {
  const guarded = guardedApi(() => Promise.resolve({ status: 200, headers: [['Content-Type', 'text/html']] }));
  const headers = new HeaderList((await guarded(testRequest({}))).headers);
  expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual([
    'application/octet-stream',
    'attachment; filename="download"',
  ]);
});

it('the protocol does not learn that a page of another origin asks', async () => {
  const seen: string[] = [];
  const guarded = guardedApi(({ headers }) => {
    seen.push(...headers.pairs.map(([name]) => name));
    return Promise.resolve({ status: 200, headers: [] });
  });
  const headers = { Origin: 'https://other.example', 'Access-Control-Request-Method': 'POST', Range: 'bytes=0-1' };
  await guarded(testRequest({ headers }));
  expect(seen).toEqual(['Range']);
});
