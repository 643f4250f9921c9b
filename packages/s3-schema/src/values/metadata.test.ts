import { HeaderList, type HeaderPair } from '@coffer/http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeOf, refusalOf } from '../../testing/refusal.ts';
import { checkMetadataSize, metadataSize, printFileInfo, readFileInfo } from './metadata.ts';
import { decodeWords, encodeWord } from './rfc2047.ts';
import { S3Error } from './s3-error.ts';

const utf8AsWire = (text: string) => Array.from(new TextEncoder().encode(text), (b) => String.fromCharCode(b)).join('');

describe('readFileInfo', () => {
  it.each<[string, HeaderPair[], Record<string, string>]>([
    ['nothing', [['Content-Type', 'text/plain']], {}],
    ['names in lower case', [['X-Amz-Meta-Foo', 'Bar']], { foo: 'Bar' }],
    ['values without outer space', [['x-amz-meta-a', '  b c  ']], { a: 'b c' }],
    [
      'several lines joined',
      [
        ['x-amz-meta-a', 'b'],
        ['X-AMZ-META-A', 'c'],
      ],
      { a: 'b,c' },
    ],
    ['an empty value', [['x-amz-meta-a', '']], { a: '' }],
    ['raw UTF-8', [['x-amz-meta-a', utf8AsWire('ü')]], { a: 'ü' }],
    ['an encoded word', [['x-amz-meta-a', '=?UTF-8?Q?=C3=BC?=']], { a: 'ü' }],
    ['native names that are no letters', [['x-amz-meta-meta-^`|', 'b']], { 'meta-^`|': 'b' }],
    ['the time of modification', [['x-amz-meta-src_last_modified_millis', '1']], { src_last_modified_millis: '1' }],
    [
      'the headers that are sent back',
      [
        ['Cache-Control', 'no-cache'],
        ['Content-Disposition', 'attachment'],
        ['Content-Encoding', 'gzip'],
        ['Content-Language', 'de'],
        ['Expires', '0'],
      ],
      {
        'b2-cache-control': 'no-cache',
        'b2-content-disposition': 'attachment',
        'b2-content-encoding': 'gzip',
        'b2-content-language': 'de',
        'b2-expires': '0',
      },
    ],
    ['no framing', [['Content-Encoding', 'aws-chunked']], {}],
    ['a coding before the framing', [['Content-Encoding', 'gzip, aws-chunked']], { 'b2-content-encoding': 'gzip' }],
    ['a coding behind the framing', [['Content-Encoding', 'aws-chunked,gzip']], { 'b2-content-encoding': 'gzip' }],
    [
      'the framing in a line of its own',
      [
        ['Content-Encoding', 'AWS-Chunked'],
        ['Content-Encoding', 'gzip'],
      ],
      { 'b2-content-encoding': 'gzip' },
    ],
  ])('reads %s', (_, headers, info) => {
    expect(readFileInfo(headers)).toEqual(info);
  });

  it.each([
    ['x-amz-meta-', 'a'],
    ['x-amz-meta-b2-foo', 'a'],
    ['x-amz-meta-__proto__', 'a'],
    ['x-amz-meta-a(b)', 'a'],
    [`x-amz-meta-${'a'.repeat(51)}`, 'a'],
    ['x-amz-meta-a', '\u00fc'],
    ['x-amz-meta-a', '\u0100'],
  ])('refuses %s: %s', (name, value) => {
    expect(refusalOf(() => readFileInfo([[name, value]])).code).toBe('InvalidArgument');
  });

  it('reads what is printed', () => {
    const name = fc
      .stringMatching(/^[a-z0-9\-_.~!#$%^&*'+|`]{1,20}$/)
      .filter((text) => !text.startsWith('b2-') && text !== '__proto__');
    const value = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(fc.dictionary(name, value), (info) => {
        const headers = new HeaderList(printFileInfo(info));
        for (const [, text] of headers.pairs) expect(text).toMatch(/^[ -~]*$/);
        expect(readFileInfo(headers.pairs)).toEqual({ ...info });
      }),
    );
  });

  it('refuses garbage with an S3Error', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (name, value) => {
        outcomeOf(() => readFileInfo([[`x-amz-meta-${name}`, value]]));
      }),
    );
  });
});

describe('encoded words', () => {
  it.each([
    ['=?UTF-8?Q?a_=C3=BC?=', 'a ü'],
    ['=?utf-8?b?w7w=?=', 'ü'],
    ['=?ISO-8859-1?Q?=FC?=', 'ü'],
    ['=?US-ASCII?Q?a?=', 'a'],
    ['=?UTF-8?Q?a?= =?UTF-8?Q?b?=', 'ab'],
    ['x =?UTF-8?Q?a?= y =?UTF-8?Q?b?= z', 'x a y b z'],
    ['=?UTF-8?Q?=FF?=', '=?UTF-8?Q?=FF?='],
    ['=?UTF-8?Q?=F?=', '=?UTF-8?Q?=F?='],
    ['=?UTF-8?B?!!?=', '=?UTF-8?B?!!?='],
    ['=?KOI8-R?Q?a?=', '=?KOI8-R?Q?a?='],
    ['=?UTF-8?X?a?=', '=?UTF-8?X?a?='],
    ['=?', '=?'],
  ])('reads %s', (text, decoded) => {
    expect(decodeWords(text)).toBe(decoded);
  });

  it('reads what it prints', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeWords(encodeWord(text))).toBe(text);
      }),
    );
  });

  it('reads long garbage in time that grows with the length only', () => {
    const start = performance.now();
    decodeWords('=?'.repeat(200_000));
    decodeWords(`=?UTF-8?Q?${'a'.repeat(200_000)}`.repeat(2));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('checkMetadataSize', () => {
  it('counts the key, percent-encoded, and names and values', () => {
    expect(metadataSize('ü', { ab: 'ü' })).toBe(6 + 2 + 2);
  });

  it.each([
    [7000, false, true],
    [7001, false, false],
    [2048, true, true],
    [2049, true, false],
  ])('%i bytes, protected: %s', (size, isProtected, isGood) => {
    const outcome = outcomeOf(() => {
      checkMetadataSize('k', { a: 'b'.repeat(size - 2) }, isProtected);
    });
    const details = { Size: size, MaxSizeAllowed: isProtected ? 2048 : 7000 };
    if (isGood) expect(outcome).toBeUndefined();
    else expect(outcome instanceof S3Error && [outcome.code, outcome.details]).toEqual(['MetadataTooLarge', details]);
  });
});
