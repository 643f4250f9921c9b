import { xmlElement, type XmlElement } from '@coffer/xml';
import { ownerXml, type Owner } from '../settings/owner.ts';
import type { ChecksumAlgorithm, ChecksumType } from '../values/checksum.ts';
import { storageClass } from '../values/storage-class.ts';
import {
  always,
  commonPrefixesXml,
  dateXml,
  document,
  etagXml,
  listed,
  optional,
  type KeyEncoding,
} from './elements.ts';

/** An object in a list. */
export interface ListedObject {
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  /** Without quotes. */
  readonly etag: string;
  /** Bytes of the plaintext. */
  readonly size: number;
  /** Left out where the request did not ask for owners. */
  readonly owner?: Owner;
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  readonly checksumType?: ChecksumType;
}

/** What all lists of a bucket have in common. */
export interface ListedPage {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter?: string | undefined;
  readonly encoding?: KeyEncoding;
  readonly isTruncated: boolean;
  readonly commonPrefixes: readonly string[];
}

/** A page of the first form of the list. */
export interface ListObjectsResult extends ListedPage {
  readonly marker: string;
  /** Where the next page begins; given only if there is a delimiter and a next page. */
  readonly nextMarker?: string;
  readonly maxKeys: number;
  readonly objects: readonly ListedObject[];
}

/** A page of the second form of the list. */
export interface ListObjectsV2Result extends ListedPage {
  readonly startAfter?: string;
  readonly continuationToken?: string;
  readonly nextContinuationToken?: string;
  readonly maxKeys: number;
  readonly objects: readonly ListedObject[];
}

/** `ListBucketResult` (AWS docs `ListObjects`). */
export function listObjectsXml(page: ListObjectsResult): XmlElement {
  const { encoding } = page;
  return document('ListBucketResult', [
    xmlElement('Name', page.bucket),
    xmlElement('Prefix', listed(encoding, page.prefix)),
    xmlElement('Marker', listed(encoding, page.marker)),
    ...optional('NextMarker', page.nextMarker === undefined ? undefined : listed(encoding, page.nextMarker)),
    always('MaxKeys', page.maxKeys),
    ...delimiterXml(page),
    always('IsTruncated', page.isTruncated),
    ...page.objects.map((object) => contentsXml(encoding, object)),
    ...commonPrefixesXml(encoding, page.commonPrefixes),
  ]);
}

/** `ListBucketResult` of the second form (AWS docs `ListObjectsV2`). */
export function listObjectsV2Xml(page: ListObjectsV2Result): XmlElement {
  const { encoding } = page;
  return document('ListBucketResult', [
    xmlElement('Name', page.bucket),
    xmlElement('Prefix', listed(encoding, page.prefix)),
    ...optional('StartAfter', page.startAfter === undefined ? undefined : listed(encoding, page.startAfter)),
    ...optional('ContinuationToken', page.continuationToken),
    ...optional('NextContinuationToken', page.nextContinuationToken),
    always('KeyCount', page.objects.length + page.commonPrefixes.length),
    always('MaxKeys', page.maxKeys),
    ...delimiterXml(page),
    always('IsTruncated', page.isTruncated),
    ...page.objects.map((object) => contentsXml(encoding, object)),
    ...commonPrefixesXml(encoding, page.commonPrefixes),
  ]);
}

/** `Delimiter` and `EncodingType` of a list. */
export function delimiterXml({ delimiter, encoding }: ListedPage): readonly XmlElement[] {
  return [
    ...optional('Delimiter', delimiter === undefined ? undefined : listed(encoding, delimiter)),
    ...optional('EncodingType', encoding),
  ];
}

function contentsXml(encoding: KeyEncoding, object: ListedObject): XmlElement {
  return xmlElement('Contents', [
    xmlElement('Key', listed(encoding, object.key)),
    dateXml('LastModified', object.lastModified),
    etagXml(object.etag),
    always('Size', object.size),
    xmlElement('StorageClass', storageClass),
    ...(object.owner === undefined ? [] : [ownerXml(object.owner)]),
    ...optional('ChecksumAlgorithm', object.checksumAlgorithm),
    ...optional('ChecksumType', object.checksumType),
  ]);
}
