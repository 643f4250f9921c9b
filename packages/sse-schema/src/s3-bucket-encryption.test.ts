import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBucketEncryptionXml, printBucketEncryptionXml } from './s3-bucket-encryption.ts';
import { readSmallXml } from './small-xml.ts';

const apply =
  '<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>';
const rule = `<Rule>${apply}</Rule>`;

function configuration(inside: string): string {
  return `<ServerSideEncryptionConfiguration>${inside}</ServerSideEncryptionConfiguration>`;
}

function outcome(document: string): string {
  const result = parseBucketEncryptionXml(document);
  return result.ok ? result.value : result.error.code;
}

describe('parseBucketEncryptionXml', () => {
  it.each([
    printBucketEncryptionXml(),
    configuration(rule),
    `\uFEFF<?xml version="1.0"?>\n<!-- a comment -->\n${configuration(`\n  ${rule}\n`)}\n`,
    configuration(`<Rule>${apply}<BucketKeyEnabled>true</BucketKeyEnabled></Rule>`),
    configuration(
      `<Rule>${apply}<BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule>`,
    ),
    configuration(rule.replace('AES256', ' AES256\n')),
  ])('takes %s', (document) => {
    expect(outcome(document)).toBe('SSE-B2');
  });

  it.each([
    ['nothing', '', 'malformed_bucket_encryption'],
    ['no XML', 'AES256', 'malformed_bucket_encryption'],
    ['another root', rule, 'malformed_bucket_encryption'],
    ['no rule', configuration(''), 'malformed_bucket_encryption'],
    ['two rules', configuration(rule + rule), 'malformed_bucket_encryption'],
    ['an unknown element', configuration(`${rule}<More/>`), 'malformed_bucket_encryption'],
    ['an unknown element in the rule', configuration(`<Rule>${apply}<More/></Rule>`), 'malformed_bucket_encryption'],
    ['an element twice', configuration(`<Rule>${apply}${apply}</Rule>`), 'malformed_bucket_encryption'],
    [
      'no algorithm',
      configuration('<Rule><ApplyServerSideEncryptionByDefault/></Rule>'),
      'malformed_bucket_encryption',
    ],
    ['another algorithm', configuration(rule.replace('AES256', 'aes256')), 'malformed_bucket_encryption'],
    [
      'a bad boolean',
      configuration(`<Rule>${apply}<BucketKeyEnabled>1</BucketKeyEnabled></Rule>`),
      'malformed_bucket_encryption',
    ],
    ['KMS', configuration(rule.replace('AES256', 'aws:kms')), 'kms_not_supported'],
    [
      'a KMS key with AES256',
      configuration(rule.replace('</SSEAlgorithm>', '</SSEAlgorithm><KMSMasterKeyID>id</KMSMasterKeyID>')),
      'kms_parameter_not_applicable',
    ],
    [
      'blocking SSE-C',
      configuration(
        `<Rule>${apply}<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule>`,
      ),
      'blocked_encryption_not_supported',
    ],
    ['a long document', configuration(rule + ' '.repeat(10_000)), 'malformed_bucket_encryption'],
  ])('refuses %s', (_, document, code) => {
    expect(outcome(document)).toBe(code);
  });
});

describe('readSmallXml', () => {
  it.each([
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<a>&amp;</a>',
    '<a><![CDATA[b]]></a>',
    '<a><?b c?></a>',
    '<a>b<c/></a>',
    '<a></b>',
    '<a>',
    '<a/><b/>',
    '<a/>b',
    'b<a/>',
    '</a>',
    '<a></a b="c">',
    '<x:a/>',
    '<a b=c/>',
    '<!-- -- --><a/>',
    `${'<a>'.repeat(9)}${'</a>'.repeat(9)}`,
  ])('refuses %s', (source) => {
    expect(readSmallXml(source)).toBeUndefined();
  });

  it('reads elements, attributes and comments', () => {
    expect(readSmallXml(`<a b="c" d='e'><f/><g>h<!-- i --></g></a>`)).toEqual({
      name: 'a',
      text: '',
      children: [
        { name: 'f', text: '', children: [] },
        { name: 'g', text: 'h', children: [] },
      ],
    });
  });

  it('never throws, and is quick on any text', () => {
    const text = fc.array(fc.constantFrom('<', '>', '/', 'a', ' ', '=', '"', '<!--', '-->', '<a>', '</a>', '&', '\n'));
    fc.assert(
      fc.property(text, (pieces) => {
        readSmallXml(pieces.join(''));
      }),
    );
    expect(readSmallXml(`<a${' '.repeat(100_000)}`)).toBeUndefined();
    expect(readSmallXml(`<!--${'-'.repeat(100_000)}`)).toBeUndefined();
  });
});
