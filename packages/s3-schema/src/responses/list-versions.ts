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
import { delimiterXml, type ListedPage } from './list-objects.ts';

/** A version of an object, or a hide marker, which has neither tag nor size. */
export interface ListedVersion {
  readonly key: string;
  readonly versionId: string;
  /** Whether it is the newest of its key. */
  readonly isLatest: boolean;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  readonly owner: Owner;
  /** Undefined for a hide marker. */
  readonly content: ListedContent | undefined;
}

/** What a listed version has beyond a hide marker. */
interface ListedContent {
  /** Without quotes. */
  readonly etag: string;
  /** In bytes of the plaintext. */
  readonly size: number;
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  readonly checksumType?: ChecksumType;
}

/** A page of versions, keys ascending and the newest of each first; versions and hide markers as they come. */
export interface ListVersionsResult extends ListedPage {
  readonly keyMarker: string;
  readonly versionIdMarker: string;
  readonly nextKeyMarker?: string;
  readonly nextVersionIdMarker?: string;
  readonly maxKeys: number;
  readonly versions: readonly ListedVersion[];
}

/** `ListVersionsResult` (AWS docs `ListObjectVersions`). */
export function listVersionsXml(page: ListVersionsResult): XmlElement {
  const { encoding } = page;
  return document('ListVersionsResult', [
    xmlElement('Name', page.bucket),
    xmlElement('Prefix', listed(encoding, page.prefix)),
    xmlElement('KeyMarker', listed(encoding, page.keyMarker)),
    xmlElement('VersionIdMarker', page.versionIdMarker),
    ...optional('NextKeyMarker', page.nextKeyMarker === undefined ? undefined : listed(encoding, page.nextKeyMarker)),
    ...optional('NextVersionIdMarker', page.nextVersionIdMarker),
    always('MaxKeys', page.maxKeys),
    ...delimiterXml(page),
    always('IsTruncated', page.isTruncated),
    ...page.versions.map((version) => versionXml(encoding, version)),
    ...commonPrefixesXml(encoding, page.commonPrefixes),
  ]);
}

function versionXml(encoding: KeyEncoding, version: ListedVersion): XmlElement {
  const { content } = version;
  return xmlElement(content === undefined ? 'DeleteMarker' : 'Version', [
    xmlElement('Key', listed(encoding, version.key)),
    xmlElement('VersionId', version.versionId),
    always('IsLatest', version.isLatest),
    dateXml('LastModified', version.lastModified),
    ...(content === undefined ? [] : contentXml(content)),
    ownerXml(version.owner),
  ]);
}

function contentXml({ etag, size, checksumAlgorithm, checksumType }: ListedContent): readonly XmlElement[] {
  return [
    etagXml(etag),
    ...optional('ChecksumAlgorithm', checksumAlgorithm),
    ...optional('ChecksumType', checksumType),
    always('Size', size),
    xmlElement('StorageClass', storageClass),
  ];
}
