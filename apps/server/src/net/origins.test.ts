import { testRequest } from '@coffer/http/testing';
import { describe, expect, it } from 'vitest';
import { originsOf } from './origins.ts';

const urls = { http: 'http://127.0.0.1:8920', https: 'https://127.0.0.1:8943' };
const asked = (headers: Record<string, string | string[]>, secure = false) =>
  originsOf(testRequest({ headers, peer: { secure } }), undefined, urls).apiUrl;

describe('the host that the client used', () => {
  it.each(['localhost:8920', 'b2.example.org', '192.0.2.7:1', '[2001:db8::1]:443', 'my_host'])('%s', (host) => {
    expect(asked({ Host: host })).toBe(`http://${host}`);
    expect(asked({ Host: host }, true)).toBe(`https://${host}`);
  });
});

describe('the own address, where the Host header is no host', () => {
  it.each(['', 'a b', 'evil.example/path', 'user@host', 'host:port', 'a"b', 'host:1:2', '-x', 'h\u00f6st'])(
    '%s',
    (host) => {
      expect(asked({ Host: host })).toBe(urls.http);
      expect(asked({ Host: host }, true)).toBe(urls.https);
    },
  );

  it('also where it is missing or repeated', () => {
    expect(asked({})).toBe(urls.http);
    expect(asked({ Host: ['a', 'b'] })).toBe(urls.http);
  });
});

it('the public URL before anything else', () => {
  const request = testRequest({ headers: { Host: 'localhost' } });
  expect(originsOf(request, 'https://b2.example.org', urls)).toEqual({
    apiUrl: 'https://b2.example.org',
    downloadUrl: 'https://b2.example.org',
    s3ApiUrl: 'https://b2.example.org',
  });
});
