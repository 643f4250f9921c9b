import { describe, expect, it } from 'vitest';
import type { HeaderPair } from '../request/header-lines.ts';
import { parseChunkedHeaders, withoutAwsChunked } from './chunked-headers.ts';

const length: HeaderPair = ['X-Amz-Decoded-Content-Length', '5'];
const trailer = (value: string): HeaderPair => ['x-amz-trailer', value];

describe('the headers of an aws-chunked body', () => {
  it('give the length and the trailers', () => {
    const headers = [length, trailer('X-Amz-Checksum-CRC32 , x-amz-checksum-sha256'), trailer('x-amz-checksum-sha1')];
    expect(parseChunkedHeaders(headers, { trailer: true })).toEqual({
      decodedLength: 5,
      trailers: ['x-amz-checksum-crc32', 'x-amz-checksum-sha256', 'x-amz-checksum-sha1'],
    });
    expect(parseChunkedHeaders(headers, { trailer: false })).toEqual({ decodedLength: 5, trailers: [] });
  });

  it.each(['', '-1', '5.0', 'five', '9999999999999999', '99999999999999999'])('need a length, not "%s"', (value) => {
    expect(() => parseChunkedHeaders([[length[0], value]], { trailer: false })).toThrow(
      expect.objectContaining({ code: 'MissingContentLength' }),
    );
  });

  it('need a length, and not two', () => {
    for (const headers of [[], [length, length]])
      expect(() => parseChunkedHeaders(headers, { trailer: false })).toThrow(
        expect.objectContaining({ code: 'MissingContentLength' }),
      );
  });

  it.each([
    ['none', undefined, 'MalformedTrailerError'],
    ['an empty one', ' , ', 'MalformedTrailerError'],
    ['one twice', 'x-amz-checksum-crc32,x-amz-checksum-crc32', 'MalformedTrailerError'],
    ['one that is no checksum', 'x-amz-meta-a', 'InvalidRequest'],
    ['a checksum that is not there', 'x-amz-checksum-md5', 'InvalidRequest'],
    ['a member of every object', 'constructor', 'InvalidRequest'],
  ])('need trailers, not %s', (_, value, code) => {
    const headers = value === undefined ? [length] : [length, trailer(value)];
    expect(() => parseChunkedHeaders(headers, { trailer: true })).toThrow(expect.objectContaining({ code }));
  });
});

it.each([
  ['aws-chunked', undefined],
  ['aws-chunked,gzip', 'gzip'],
  ['gzip, AWS-chunked', 'gzip'],
  ['aws-chunked,,aws-chunked', undefined],
  ['deflate, aws-chunked, gzip', 'deflate, gzip'],
  ['gzip,br', 'gzip,br'],
  ['', undefined],
])('"%s" without aws-chunked is %s', (given, left) => {
  expect(withoutAwsChunked(given)).toBe(left);
});
