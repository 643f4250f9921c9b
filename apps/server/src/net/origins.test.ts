import { testRequest } from '@coffer/http/testing';
import { describe, expect, it } from 'vitest';
import { originsOf, s3OriginOf, type PublicPlaces } from './origins.ts';

const urls = { http: 'http://127.0.0.1:8920', https: 'https://127.0.0.1:8943', s3: undefined };
const apart = { ...urls, s3: 'http://127.0.0.1:9000' };
const s3 = { publicUrl: undefined, protocol: { domains: ['localhost', 's3.example.org'] } };
const nowhere: PublicPlaces = { publicUrl: undefined, s3 };
const request = (headers: Record<string, string | string[]>, secure = false) =>
  testRequest({ headers, peer: { secure } });
const asked = (headers: Record<string, string | string[]>, secure = false) =>
  originsOf(request(headers, secure), nowhere, urls).apiUrl;

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
  const place = { publicUrl: 'https://b2.example.org', s3 };
  expect(originsOf(request({ Host: 'localhost' }), place, urls)).toEqual({
    apiUrl: 'https://b2.example.org',
    downloadUrl: 'https://b2.example.org',
    s3ApiUrl: 'https://b2.example.org',
  });
});

describe('where S3 is, for a client of B2', () => {
  const s3ApiUrl = (places: PublicPlaces, listeners = urls as typeof urls | typeof apart, host = '192.0.2.7:8920') =>
    originsOf(request({ Host: host }), places, listeners).s3ApiUrl;

  it('is where B2 is, unless something else is said', () => {
    expect(s3ApiUrl(nowhere)).toBe('http://192.0.2.7:8920');
    expect(s3ApiUrl({ publicUrl: undefined, s3: undefined })).toBe('http://192.0.2.7:8920');
  });

  it('is on the listener for S3, under the name that the client used', () => {
    expect(s3ApiUrl(nowhere, apart)).toBe('http://192.0.2.7:9000');
    expect(s3ApiUrl(nowhere, apart, '[2001:db8::1]')).toBe('http://[2001:db8::1]:9000');
    expect(s3ApiUrl(nowhere, apart, 'no host')).toBe('http://127.0.0.1:9000');
  });

  it('is at its public URL before anything else', () => {
    const places = { publicUrl: 'https://b2.example.org', s3: { ...s3, publicUrl: 'https://s3.example.org' } };
    for (const listeners of [urls, apart]) expect(s3ApiUrl(places, listeners)).toBe('https://s3.example.org');
  });
});

describe('where S3 is, for a client of S3', () => {
  const origin = (host: string, places = nowhere, listeners = urls as typeof urls | typeof apart) =>
    s3OriginOf(request({ Host: host }), places, listeners);

  it('is the host that the client used, without the bucket in it', () => {
    expect(origin('192.0.2.7:8920')).toBe('http://192.0.2.7:8920');
    expect(origin('localhost:8920')).toBe('http://localhost:8920');
    expect(origin('my.photos.localhost:8920')).toBe('http://localhost:8920');
    expect(origin('Photos.S3.example.org')).toBe('http://S3.example.org');
    expect(origin('no host')).toBe(urls.http);
    expect(origin('no host', nowhere, apart)).toBe(apart.s3);
  });

  it('is a public URL where there is one', () => {
    const ofB2 = { publicUrl: 'https://b2.example.org', s3 };
    expect(origin('localhost', ofB2)).toBe('https://b2.example.org');
    expect(origin('localhost:9000', ofB2, apart)).toBe('http://localhost:9000');
    const ofS3 = { publicUrl: 'https://b2.example.org', s3: { ...s3, publicUrl: 'https://s3.example.org' } };
    for (const listeners of [urls, apart]) expect(origin('x', ofS3, listeners)).toBe('https://s3.example.org');
  });
});
