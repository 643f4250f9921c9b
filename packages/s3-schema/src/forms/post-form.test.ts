import { describe, expect, it } from 'vitest';
import { outcomeOf, refusalOf } from '../../testing/refusal.ts';
import { putObjectHeaders } from '../requests/object-headers.ts';
import { S3Error } from '../values/s3-error.ts';
import { parseFormBoundary, postRedirect, readPostForm } from './post-form.ts';

describe('PostObject', () => {
  it('reads a form as headers', () => {
    const fields = [
      ['Key', 'a/${filename}'],
      ['acl', 'private'],
      ['Content-Type', 'text/plain'],
      ['x-amz-meta-a', 'ü'],
      ['success_action_status', '201'],
      ['success_action_redirect', 'https://example.org/done'],
      ['x-ignore-this', 'x'],
    ] as const;
    const form = readPostForm(fields, 'C:\\photos\\$&.png');
    expect([form.key, form.successStatus, form.redirect]).toEqual(['a/$&.png', 201, 'https://example.org/done']);
    expect(putObjectHeaders(form.headers)).toMatchObject({
      acl: 'private',
      contentType: 'text/plain',
      fileInfo: { a: 'ü' },
    });
    expect(form.headers.has('x-ignore-this')).toBe(false);
  });

  it('has the name of the file in every field', () => {
    const form = readPostForm(
      [
        ['key', '${filename}/${filename}'],
        ['x-amz-meta-name', 'was ${filename}'],
      ],
      'a b.png',
    );
    expect([form.key, form.headers.get('x-amz-meta-name')]).toEqual(['a b.png/a b.png', 'was a b.png']);
    expect(readPostForm([['key', 'a/${filename}']], '').key).toBe('a/');
    const endless = [['key', '${filename}'.repeat(1000)]] as const;
    expect(refusalOf(() => readPostForm(endless, 'a'.repeat(1000))).code).toBe('MaxPostPreDataLengthExceeded');
  });

  it('hands tags on, to be refused rather than lost', () => {
    const form = readPostForm(
      [
        ['key', 'a'],
        ['tagging', '<Tagging/>'],
      ],
      '',
    );
    expect(refusalOf(() => putObjectHeaders(form.headers)).code).toBe('InvalidArgument');
  });

  it.each([
    ['https://example.org/done', 'https://example.org/done?bucket=b&key=a%2F+%C3%BC&etag=%22e%22'],
    ['https://example.org/?x=1&y#top', 'https://example.org/?x=1&y&bucket=b&key=a%2F+%C3%BC&etag=%22e%22#top'],
  ])('sends the browser on to %s', (redirect, expected) => {
    expect(postRedirect(redirect, { bucket: 'b', key: 'a/ ü', etag: 'e' })).toBe(expected);
  });

  it('has defaults', () => {
    const redirect = 'javascript:alert(1)';
    const form = readPostForm(
      [
        ['key', 'a'],
        ['redirect', redirect],
        ['success_action_status', '302'],
      ],
      '',
    );
    expect([form.successStatus, form.redirect]).toEqual([204, undefined]);
  });

  it.each([
    ['no key', [], 'InvalidArgument'],
    [
      'two keys',
      [
        ['key', 'a'],
        ['KEY', 'b'],
      ],
      'InvalidArgument',
    ],
    ['an empty key', [['key', '']], 'InvalidArgument'],
    ['a long key', [['key', 'a'.repeat(1025)]], 'KeyTooLongError'],
    [
      'a line end in a header',
      [
        ['key', 'a'],
        ['Content-Type', 'a\r\nb: c'],
      ],
      'InvalidArgument',
    ],
  ] as [string, [string, string][], string][])('refuses %s', (_, fields, code) => {
    expect(refusalOf(() => readPostForm(fields, 'f')).code).toBe(code);
  });

  it.each([
    ['multipart/form-data; boundary=----a1', '----a1'],
    ['Multipart/Form-Data; charset=utf-8; boundary="a b"', 'a b'],
    ['multipart/form-data', 'MalformedPOSTRequest'],
    ['multipart/form-data; boundary=', 'MalformedPOSTRequest'],
    ['multipart/form-data; charset=utf-8', 'MalformedPOSTRequest'],
    [`multipart/form-data; boundary=${'a'.repeat(71)}`, 'MalformedPOSTRequest'],
    ['application/x-www-form-urlencoded', 'PreconditionFailed'],
    ['', 'PreconditionFailed'],
  ])('the type %j', (text, expected) => {
    const outcome = outcomeOf(() => parseFormBoundary(text));
    expect(outcome instanceof S3Error ? outcome.code : outcome).toBe(expected);
  });
});
