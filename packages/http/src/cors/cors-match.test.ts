import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerMatches, matchCorsRule, parseRequestedHeaders, type CorsRuleFacts } from './cors-match.ts';
import { originMatches } from './cors-origin.ts';

const corsOperations = ['b2_upload_file', 's3_put', 's3_get'] as const;

describe('an entry of allowedOrigins', () => {
  it.each<[entry: string, matching: readonly string[], other: readonly string[]]>([
    ['*', ['https://a.example', 'http://a.example:8080', 'null', 'file://', 'chrome-extension://abc'], []],
    [
      'https',
      ['https://a.example', 'https://a.example:8443', 'https://[::1]:1'],
      ['http://a.example', 'https://', 'https', 'null', 'httpsx://a.example'],
    ],
    ['http', ['http://localhost:3000'], ['https://localhost:3000']],
    [
      'https://www.example.com',
      ['https://www.example.com', 'https://www.example.com:443', 'HTTPS://WWW.Example.com'],
      [
        'http://www.example.com',
        'https://www.example.com:8443',
        'https://example.com',
        'https://www.example.com.evil.example',
        'https://www.example.com/',
        'https://www.example.com@evil.example',
        'https://user@www.example.com',
        ' https://www.example.com',
        '',
      ],
    ],
    ['https://WWW.example.com:443', ['https://www.example.com'], ['https://www.example.com:444']],
    ['http://a.example:8080', ['http://a.example:8080'], ['http://a.example', 'http://a.example:80801']],
    [
      'https://*.example.com',
      ['https://a.example.com', 'https://a.b.example.com', 'https://a.example.com:443'],
      [
        'https://example.com',
        'https://.example.com',
        'https://evilexample.com',
        'https://a.example.com:8443',
        'https://a.example.com.evil.example',
        'https://evil.example/.example.com',
        'https://evil.example#.example.com',
        'https://evil.example:1.example.com',
        'http://a.example.com',
      ],
    ],
    ['https://*', ['https://a.example', 'https://[::1]'], ['https://a.example:8443', 'http://a.example', 'null']],
    ['https://*:8443', ['https://a.example:8443'], ['https://a.example', 'https://a.example:8444']],
    ['http://localhost:*', ['http://localhost', 'http://localhost:3000'], ['http://localhost.example:3000']],
    ['http://localhost:80*', ['http://localhost:8080'], ['http://localhost:80', 'http://localhost:9080']],
    ['https://web*.example.com', ['https://web1.example.com'], ['https://web.example.com', 'https://we.example.com']],
    ['http://[::1]:8080', ['http://[::1]:8080'], ['http://[::2]:8080', 'http://[::1]']],
    ['app://local', ['app://local'], ['app://other', 'app://local:1']],
    ['https://münchen.example', [], ['https://münchen.example']],
  ])('%s', (entry, matching, other) => {
    for (const origin of matching) expect(originMatches(entry, origin), origin).toBe(true);
    for (const origin of other) expect(originMatches(entry, origin), origin).toBe(entry === '*');
  });

  // Not `xn--`, which most text behind it makes no name.
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/).filter((text) => !text.startsWith('xn--'));
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const scheme = fc.constantFrom('http', 'https');
  const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
  const text = (s: string, h: string, p: number | undefined) => `${s}://${h}${p === undefined ? '' : `:${p}`}`;

  it('of a whole origin covers that one and no other', () => {
    const origin = fc.tuple(scheme, host, port).map(([s, h, p]) => text(s, h, p));
    fc.assert(fc.property(origin, (one) => originMatches(one, one)));
    fc.assert(fc.property(origin, origin, (one, another) => originMatches(one, another) === sameOrigin(one, another)));
  });

  it('with a wildcard covers what lies beneath its domain, and nothing else', () => {
    fc.assert(
      fc.property(scheme, host, host, port, (s, sub, domain, p) => {
        const entry = text(s, `*.${domain}`, p);
        return (
          originMatches(entry, text(s, `${sub}.${domain}`, p)) &&
          !originMatches(entry, text(s, domain, p)) &&
          !originMatches(entry, text(s, `${sub}.${domain}.longer-than-any-label`, p)) &&
          !originMatches(entry, text(s === 'http' ? 'https' : 'http', `${sub}.${domain}`, p ?? 1))
        );
      }),
    );
  });

  it('never covers what is no origin, unless it covers all', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('https', 'https://*', 'https://*:*'),
        (junk, entry) => {
          for (const asked of [junk, `https://${junk}`]) {
            if (originMatches(entry, asked)) expect(asked).toMatch(/^https:\/\/[\x21-\x7e]+$/i);
          }
        },
      ),
    );
  });
});

function sameOrigin(one: string, another: string): boolean {
  return new URL(one).origin === new URL(another).origin;
}

describe('a list of headers', () => {
  it.each<[list: readonly string[] | null, covered: readonly string[], other: readonly string[]]>([
    [null, [], ['range', '*', '']],
    [[], [], ['range']],
    [
      ['Range', 'authorization'],
      ['range', 'RANGE', 'Authorization'],
      ['rang', 'range2', 'x-range'],
    ],
    [['X-Bz-*'], ['x-bz-', 'x-bz-file-name', 'X-BZ-Info-a'], ['x-b', 'ax-bz-file-name']],
    [['*'], ['range', 'authorization', '*'], []],
  ])('%j', (list, covered, other) => {
    for (const name of covered) expect(headerMatches(list, name), name).toBe(true);
    for (const name of other) expect(headerMatches(list, name), name).toBe(false);
  });

  it('that a preflight asks for has each name once, and is not longer than any browser makes it', () => {
    const names = Array.from({ length: 200 }, (_, i) => `x-${i}`);
    expect(parseRequestedHeaders([[...names, ...names].join()])).toEqual(names);
    expect(parseRequestedHeaders([[...names, 'one-more'].join()])).toBeUndefined();
  });

  it('that a preflight asks for is parsed', () => {
    expect(parseRequestedHeaders([])).toEqual([]);
    expect(parseRequestedHeaders(['authorization,x-bz-file-name'])).toEqual(['authorization', 'x-bz-file-name']);
    expect(parseRequestedHeaders([' Range ,\t,', 'a'])).toEqual(['Range', 'a']);
    for (const bad of ['a b', 'a,b c', 'ü', 'a:b', 'a\r\nb', '"a"'])
      expect(parseRequestedHeaders([bad])).toBeUndefined();
  });

  it('is a list of header names or nothing, whatever was sent', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (values) => {
        for (const name of parseRequestedHeaders(values) ?? []) expect(name).toMatch(/^[\x21-\x7e]+$/);
      }),
    );
  });
});

const rule = (facts: Partial<CorsRuleFacts>): CorsRuleFacts => ({
  allowedOrigins: ['*'],
  allowedOperations: ['b2_upload_file'],
  allowedHeaders: null,
  exposeHeaders: null,
  maxAgeSeconds: 60,
  ...facts,
});

describe('the rule of a request', () => {
  const origin = 'https://a.example';

  it('is the first that allows operation, origin and every header', () => {
    const rules = [
      rule({ allowedOperations: ['b2_upload_part', 's3_put'] }),
      rule({ allowedOrigins: ['https://b.example'], allowedHeaders: ['*'] }),
      rule({ allowedHeaders: ['range'] }),
      rule({ allowedHeaders: ['range', 'x-*'] }),
      rule({ allowedHeaders: ['*'] }),
    ];
    const of = (headers?: readonly string[]) =>
      rules.indexOf(
        matchCorsRule(rules, { operation: 'b2_upload_file', origin, ...(headers && { headers }) }) ?? rule({}),
      );
    expect(of()).toBe(2);
    expect(of([])).toBe(2);
    expect(of(['Range'])).toBe(2);
    expect(of(['range', 'x-a'])).toBe(3);
    expect(of(['x-a', 'authorization'])).toBe(4);
    expect(matchCorsRule(rules, { operation: 's3_put', origin })).toBe(rules[0]);
    expect(matchCorsRule(rules, { operation: 's3_put', origin, headers: ['a'] })).toBeUndefined();
    expect(matchCorsRule(rules, { operation: 's3_get', origin })).toBeUndefined();
    const none: readonly CorsRuleFacts[] = [];
    expect(matchCorsRule(none, { operation: 's3_get', origin })).toBeUndefined();
  });

  it('is what a search without shortcuts finds', () => {
    const header = fc.constantFrom('a', 'B', 'a-b', 'authorization');
    const some = fc.record({
      allowedOrigins: fc.subarray(['https', 'http://a.example', 'https://*.example', 'https://b.test:8443'], {
        minLength: 1,
      }),
      allowedOperations: fc.subarray([...corsOperations], { minLength: 1 }),
      allowedHeaders: fc.option(fc.array(fc.constantFrom('a', 'b', 'a*', 'auth*', '*'))),
    });
    const request = fc.record({
      operation: fc.constantFrom(...corsOperations),
      origin: fc.constantFrom('https://a.example', 'http://a.example', 'https://b.test:8443', 'null'),
      headers: fc.array(header),
    });
    fc.assert(
      fc.property(fc.array(some.map(rule), { maxLength: 6 }), request, (rules, asked) => {
        const allows = ({ allowedOperations, allowedOrigins, allowedHeaders }: CorsRuleFacts) =>
          allowedOperations.includes(asked.operation) &&
          allowedOrigins.filter((entry) => originMatches(entry, asked.origin)).length > 0 &&
          asked.headers.filter((name) => !headerMatches(allowedHeaders, name)).length === 0;
        expect(matchCorsRule(rules, asked)).toBe(rules.filter(allows)[0]);
      }),
    );
  });
});
