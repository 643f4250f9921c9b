import { algorithm } from './customer-key.ts';
import { accepted, refused, type SseResult } from './result.ts';
import type { DefaultEncryption } from './settings.ts';
import { readSmallXml, type XmlElement } from './small-xml.ts';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';
// A valid document has some 300 characters.
const longestDocument = 8192;

/**
 * The default encryption in a `ServerSideEncryptionConfiguration` document (AWS docs `PutBucketEncryption`): exactly
 * one rule, of `AES256`. `BucketKeyEnabled` and blocking no encryption type are taken and mean nothing.
 */
export function parseBucketEncryptionXml(document: string): SseResult<DefaultEncryption> {
  const root = document.length > longestDocument ? undefined : readSmallXml(document);
  if (root?.name !== 'ServerSideEncryptionConfiguration') return refused('malformed_bucket_encryption');
  const rule = onlyChild(root, 'Rule');
  if (rule === undefined || root.children.length !== 1) return refused('malformed_bucket_encryption', 'Rule');
  return readRule(rule);
}

/** The document of a bucket that encrypts by default with SSE-B2, in the order of AWS's schema. */
export function printBucketEncryptionXml(): string {
  const byDefault = `<SSEAlgorithm>${algorithm}</SSEAlgorithm>`;
  const rule = `<ApplyServerSideEncryptionByDefault>${byDefault}</ApplyServerSideEncryptionByDefault>`;
  const root = 'ServerSideEncryptionConfiguration';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}"><Rule>${rule}</Rule></${root}>`;
}

function readRule(rule: XmlElement): SseResult<DefaultEncryption> {
  const known = ['ApplyServerSideEncryptionByDefault', 'BucketKeyEnabled', 'BlockedEncryptionTypes'];
  const names = rule.children.map(({ name }) => name);
  if (names.some((name) => !known.includes(name)) || new Set(names).size < names.length) {
    return refused('malformed_bucket_encryption', 'Rule');
  }
  const bucketKey = onlyChild(rule, 'BucketKeyEnabled')?.text.trim() ?? 'false';
  if (bucketKey !== 'true' && bucketKey !== 'false') return refused('malformed_bucket_encryption', 'BucketKeyEnabled');
  const blocked = onlyChild(rule, 'BlockedEncryptionTypes')?.children ?? [];
  if (blocked.some(({ text }) => text.trim() !== 'NONE')) {
    return refused('blocked_encryption_not_supported', 'BlockedEncryptionTypes');
  }
  const apply = onlyChild(rule, 'ApplyServerSideEncryptionByDefault');
  return apply === undefined
    ? refused('malformed_bucket_encryption', 'ApplyServerSideEncryptionByDefault')
    : readApply(apply);
}

function readApply(apply: XmlElement): SseResult<DefaultEncryption> {
  const method = onlyChild(apply, 'SSEAlgorithm')?.text.trim();
  if (method === 'aws:kms' || method === 'aws:kms:dsse') return refused('kms_not_supported', 'SSEAlgorithm');
  if (method !== algorithm) return refused('malformed_bucket_encryption', 'SSEAlgorithm');
  if (onlyChild(apply, 'KMSMasterKeyID') !== undefined)
    return refused('kms_parameter_not_applicable', 'KMSMasterKeyID');
  return apply.children.length === 1 ? accepted('SSE-B2') : refused('malformed_bucket_encryption', apply.name);
}

/** The child of that name if there is exactly one. */
function onlyChild(element: XmlElement, name: string): XmlElement | undefined {
  const found = element.children.filter((child) => child.name === name);
  return found.length === 1 ? found[0] : undefined;
}
