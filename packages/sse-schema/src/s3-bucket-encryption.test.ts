import { parseXml, printXml } from '@coffer/xml';
import { describe, expect, it } from 'vitest';
import {
  parseBucketEncryptionXml,
  printBucketEncryption,
  printBucketEncryptionXml,
  readBucketEncryption,
} from './s3-bucket-encryption.ts';

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
    ['a document type', `<!DOCTYPE a>${configuration(rule)}`, 'malformed_bucket_encryption'],
    ['an entity', configuration(rule.replace('AES256', '&aes;')), 'malformed_bucket_encryption'],
    ['a processing instruction', configuration(`<?a b?>${rule}`), 'malformed_bucket_encryption'],
    ['mixed content', configuration(`text${rule}`), 'malformed_bucket_encryption'],
    ['a depth over 8', configuration('<a>'.repeat(8) + '</a>'.repeat(8)), 'malformed_bucket_encryption'],
    ['a long document', configuration(rule + ' '.repeat(10_000)), 'malformed_bucket_encryption'],
  ])('refuses %s', (_, document, code) => {
    expect(outcome(document)).toBe(code);
  });
});

describe('readBucketEncryption', () => {
  it.each([
    { defaultEncryption: 'SSE-B2', blocksCustomerKeys: false },
    { defaultEncryption: 'SSE-B2', blocksCustomerKeys: true },
    { defaultEncryption: 'none', blocksCustomerKeys: true },
  ] as const)('reads what is printed of %j', (value) => {
    const document = printXml(printBucketEncryption(value));
    expect(readBucketEncryption(parseXml(document, { maxBytes: 1000 }))).toEqual({ ok: true, value });
  });

  it.each([
    ['nothing', undefined],
    ['a rule that says nothing', parseXml(configuration('<Rule/>'), { maxBytes: 1000 })],
    ['an unknown type', blocking('<EncryptionType>SSE-KMS</EncryptionType>')],
    ['a type and none', blocking('<EncryptionType>SSE-C</EncryptionType><EncryptionType>NONE</EncryptionType>')],
    ['another element', blocking('<Type>SSE-C</Type>')],
  ])('refuses %s', (_, root) => {
    expect(readBucketEncryption(root)).toMatchObject({ ok: false, error: { code: 'malformed_bucket_encryption' } });
  });

  function blocking(types: string) {
    const blocked = `<BlockedEncryptionTypes>${types}</BlockedEncryptionTypes>`;
    return parseXml(configuration(`<Rule>${apply}${blocked}</Rule>`), { maxBytes: 1000 });
  }
});
