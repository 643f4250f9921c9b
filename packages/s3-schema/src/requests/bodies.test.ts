import { describe, expect, it } from 'vitest';
import { refusalOf, xml } from '../../testing/refusal.ts';
import { readCompleteUpload } from './complete-upload.ts';
import { readDelete } from './delete-objects.ts';

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
