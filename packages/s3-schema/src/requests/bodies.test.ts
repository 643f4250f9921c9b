import { describe, expect, it } from 'vitest';
import { outcomeOf, refusalOf, xml } from '../../testing/refusal.ts';
import { S3Error } from '../values/s3-error.ts';
import { readCompleteUpload } from './complete-upload.ts';
import { readDelete } from './delete-objects.ts';
import { putObjectHeaders } from './object-headers.ts';
import { parseFormBoundary, readPostForm } from './post-form.ts';

describe('DeleteObjects', () => {
  const object = (inside: string) => `<Object>${inside}</Object>`;
  const document = (inside: string) => xml(`<Delete>${inside}</Delete>`);

  it('reads keys verbatim', () => {
    const entries =
      object('<Key> a&#x1F600;&#9; </Key><VersionId>v</VersionId><ETag>"e"</ETag>') + object('<Key>b</Key>');
    expect(readDelete(document(`<Quiet>true</Quiet>${entries}`))).toEqual({
      isQuiet: true,
      entries: [
        { key: ' a\u{1F600}\t ', versionId: 'v', ifMatch: 'e' },
        { key: 'b', versionId: undefined, ifMatch: undefined },
      ],
    });
    expect(readDelete(document(object('<Key>a</Key>').repeat(1000))).entries).toHaveLength(1000);
  });

  it.each([
    ['nothing', '', 'MalformedXML'],
    ['1001 objects', object('<Key>a</Key>').repeat(1001), 'MalformedXML'],
    ['no key', object('<VersionId>v</VersionId>'), 'MalformedXML'],
    ['two keys', object('<Key>a</Key><Key>b</Key>'), 'MalformedXML'],
    ['an unknown element', `${object('<Key>a</Key>')}<More/>`, 'MalformedXML'],
    ['a bad boolean', `${object('<Key>a</Key>')}<Quiet>yes</Quiet>`, 'MalformedXML'],
    ['a condition that is not checked', object('<Key>a</Key><Size>1</Size>'), 'NotImplemented'],
  ])('refuses %s', (_, inside, code) => {
    expect(refusalOf(() => readDelete(document(inside))).code).toBe(code);
  });
});

describe('CompleteMultipartUpload', () => {
  const part = (number: string, etag = '"e"', more = '') =>
    `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag>${more}</Part>`;
  const document = (inside: string) => xml(`<CompleteMultipartUpload>${inside}</CompleteMultipartUpload>`);

  it('reads parts in order, with gaps', () => {
    const checksum = '<ChecksumCRC32>NhCmhg==</ChecksumCRC32>';
    expect(readCompleteUpload(document(part('1') + part('7', '&quot;f&quot;', checksum)))).toEqual([
      { partNumber: 1, etag: 'e', checksum: undefined },
      { partNumber: 7, etag: 'f', checksum: { algorithm: 'CRC32', value: 'NhCmhg==' } },
    ]);
  });

  it.each([
    ['no part', '', 'InvalidRequest'],
    ['a descending order', part('2') + part('1'), 'InvalidPartOrder'],
    ['a part twice', part('1') + part('1'), 'InvalidPartOrder'],
    ['the part 0', part('0'), 'InvalidArgument'],
    ['the part 10001', part('10001'), 'InvalidArgument'],
    ['no tag', '<Part><PartNumber>1</PartNumber></Part>', 'MalformedXML'],
    ['an unknown element', `${part('1')}<More/>`, 'MalformedXML'],
    ['a bad checksum', part('1', 'e', '<ChecksumSHA1>x</ChecksumSHA1>'), 'InvalidRequest'],
    [
      'two checksums',
      part('1', 'e', '<ChecksumCRC32>NhCmhg==</ChecksumCRC32><ChecksumCRC32C>mnG7TA==</ChecksumCRC32C>'),
      'MalformedXML',
    ],
  ])('refuses %s', (_, inside, code) => {
    expect(refusalOf(() => readCompleteUpload(document(inside))).code).toBe(code);
  });
});

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
