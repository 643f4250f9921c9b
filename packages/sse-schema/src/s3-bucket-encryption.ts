import { parseXml, printXml, XmlError, xmlElement, type XmlElement } from '@coffer/xml';
import { algorithm } from './customer-key.ts';
import { accepted, refused, type SseResult } from './result.ts';
import type { DefaultEncryption } from './settings.ts';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';
// A valid document has some 300 characters, 3 levels below the root and at most 7 elements.
const limits = { maxBytes: 8192, maxDepth: 8, maxElements: 64 };

/** What `ServerSideEncryptionConfiguration` says of a bucket. */
export interface BucketEncryption {
  readonly defaultEncryption: DefaultEncryption;
  /** Whether new files may not be written with a customer key. What is there stays readable. */
  readonly blocksCustomerKeys: boolean;
}

/**
 * The default encryption in a `ServerSideEncryptionConfiguration` document (AWS docs `PutBucketEncryption`): exactly
 * one rule, of `AES256`. `BucketKeyEnabled` and blocking no encryption type are taken and mean nothing; for a bucket
 * that blocks SSE-C use {@link readBucketEncryption}.
 */
export function parseBucketEncryptionXml(document: string): SseResult<DefaultEncryption> {
  const read = readBucketEncryption(rootOf(document));
  if (!read.ok) return read;
  if (read.value.blocksCustomerKeys) return refused('blocked_encryption_not_supported', 'BlockedEncryptionTypes');
  return read.value.defaultEncryption === 'none'
    ? refused('malformed_bucket_encryption', 'ApplyServerSideEncryptionByDefault')
    : accepted(read.value.defaultEncryption);
}

/** The document of a bucket that encrypts by default with SSE-B2, in the order of AWS's schema. */
export function printBucketEncryptionXml(): string {
  return printXml(printBucketEncryption({ defaultEncryption: 'SSE-B2', blocksCustomerKeys: false }));
}

/**
 * The same document in full (AWS docs `PutBucketEncryption`, `BlockedEncryptionTypes`): one rule that gives a default,
 * blocks SSE-C, or both. `undefined` is a document that could not be read.
 */
export function readBucketEncryption(root: XmlElement | undefined): SseResult<BucketEncryption> {
  if (root?.name !== 'ServerSideEncryptionConfiguration') return refused('malformed_bucket_encryption');
  const rule = onlyChild(root, 'Rule');
  if (rule === undefined || root.children.length !== 1) return refused('malformed_bucket_encryption', 'Rule');
  return readRule(rule);
}

/** The document that says this. It must say something: a bucket without either has none. */
export function printBucketEncryption({ defaultEncryption, blocksCustomerKeys }: BucketEncryption): XmlElement {
  const apply = xmlElement('ApplyServerSideEncryptionByDefault', [xmlElement('SSEAlgorithm', algorithm)]);
  const blocked = xmlElement('BlockedEncryptionTypes', [xmlElement('EncryptionType', 'SSE-C')]);
  const rule = [...(defaultEncryption === 'none' ? [] : [apply]), ...(blocksCustomerKeys ? [blocked] : [])];
  return xmlElement('ServerSideEncryptionConfiguration', [xmlElement('Rule', rule)], [['xmlns', namespace]]);
}

function rootOf(document: string): XmlElement | undefined {
  try {
    return parseXml(document, limits);
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

function readRule(rule: XmlElement): SseResult<BucketEncryption> {
  const known = ['ApplyServerSideEncryptionByDefault', 'BucketKeyEnabled', 'BlockedEncryptionTypes'];
  const names = rule.children.map(({ name }) => name);
  if (names.some((name) => !known.includes(name)) || new Set(names).size < names.length) {
    return refused('malformed_bucket_encryption', 'Rule');
  }
  const bucketKey = onlyChild(rule, 'BucketKeyEnabled')?.text.trim() ?? 'false';
  if (bucketKey !== 'true' && bucketKey !== 'false') return refused('malformed_bucket_encryption', 'BucketKeyEnabled');
  const blocked = readBlocked(onlyChild(rule, 'BlockedEncryptionTypes'));
  if (blocked === undefined) return refused('malformed_bucket_encryption', 'BlockedEncryptionTypes');
  const apply = onlyChild(rule, 'ApplyServerSideEncryptionByDefault');
  if (apply === undefined) {
    return blocked
      ? accepted({ defaultEncryption: 'none', blocksCustomerKeys: true })
      : refused('malformed_bucket_encryption', 'ApplyServerSideEncryptionByDefault');
  }
  const chosen = readApply(apply);
  return chosen.ok ? accepted({ defaultEncryption: chosen.value, blocksCustomerKeys: blocked }) : chosen;
}

/** Whether SSE-C is blocked; undefined for a list that says something else, or nothing beside `NONE`. */
function readBlocked(blocked: XmlElement | undefined): boolean | undefined {
  const types = (blocked?.children ?? []).map(({ name, text }) => (name === 'EncryptionType' ? text.trim() : ''));
  if (types.every((type) => type === 'NONE')) return false;
  return types.every((type) => type === 'SSE-C') ? true : undefined;
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
