import { xmlElement, type XmlElement } from '@coffer/xml';
import { ownerXml, type Owner } from '../settings/owner.ts';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from '../values/checksum.ts';
import { storageClass } from '../values/storage-class.ts';
import {
  always,
  checksumXml,
  commonPrefixesXml,
  dateXml,
  document,
  etagXml,
  listed,
  optional,
  type KeyEncoding,
} from './elements.ts';
import { delimiterXml, type ListedPage } from './list-objects.ts';

/** How the checksum of an upload will come about, if it has one. */
export interface UploadChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
}

/** An unfinished multipart upload. */
export interface ListedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly owner: Owner;
  /** Milliseconds since the epoch. */
  readonly initiated: number;
  readonly checksum?: UploadChecksum;
}

/** A page of unfinished uploads. */
export interface ListUploadsResult extends ListedPage {
  readonly keyMarker: string;
  readonly uploadIdMarker: string;
  readonly nextKeyMarker?: string;
  readonly nextUploadIdMarker?: string;
  readonly maxUploads: number;
  readonly uploads: readonly ListedUpload[];
}

/** A part of an unfinished upload. */
export interface ListedPart {
  readonly partNumber: number;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  /** Without quotes. */
  readonly etag: string;
  /** Bytes of the plaintext. */
  readonly size: number;
  readonly checksum?: Checksum;
}

/** A page of the parts of an upload. */
export interface ListPartsResult {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly owner: Owner;
  readonly partNumberMarker: number;
  /** The last part of the page, sent only where the list goes on. */
  readonly nextPartNumberMarker: number;
  readonly maxParts: number;
  readonly isTruncated: boolean;
  readonly checksum?: UploadChecksum;
  readonly parts: readonly ListedPart[];
}

/** `ListMultipartUploadsResult` (AWS docs `ListMultipartUploads`). */
export function listUploadsXml(page: ListUploadsResult): XmlElement {
  const { encoding } = page;
  return document('ListMultipartUploadsResult', [
    xmlElement('Bucket', page.bucket),
    xmlElement('KeyMarker', listed(encoding, page.keyMarker)),
    xmlElement('UploadIdMarker', page.uploadIdMarker),
    ...optional('NextKeyMarker', page.nextKeyMarker === undefined ? undefined : listed(encoding, page.nextKeyMarker)),
    ...optional('NextUploadIdMarker', page.nextUploadIdMarker),
    xmlElement('Prefix', listed(encoding, page.prefix)),
    ...delimiterXml(page),
    always('MaxUploads', page.maxUploads),
    always('IsTruncated', page.isTruncated),
    ...page.uploads.map((upload) => uploadXml(encoding, upload)),
    ...commonPrefixesXml(encoding, page.commonPrefixes),
  ]);
}

function uploadXml(encoding: KeyEncoding, upload: ListedUpload): XmlElement {
  return xmlElement('Upload', [
    xmlElement('Key', listed(encoding, upload.key)),
    xmlElement('UploadId', upload.uploadId),
    ownerXml(upload.owner, 'Initiator'),
    ownerXml(upload.owner),
    xmlElement('StorageClass', storageClass),
    dateXml('Initiated', upload.initiated),
    ...uploadChecksumXml(upload.checksum),
  ]);
}

function uploadChecksumXml(checksum: UploadChecksum | undefined): readonly XmlElement[] {
  return [...optional('ChecksumAlgorithm', checksum?.algorithm), ...optional('ChecksumType', checksum?.type)];
}

/**
 * `ListPartsResult` (AWS docs `ListParts`). `NextPartNumberMarker` is there only where the list goes on: the paginator
 * of the AWS SDK for JavaScript asks for pages as long as it gets one, and does so for ever before servers that always
 * send it.
 */
export function listPartsXml(page: ListPartsResult): XmlElement {
  return document('ListPartsResult', [
    xmlElement('Bucket', page.bucket),
    xmlElement('Key', page.key),
    xmlElement('UploadId', page.uploadId),
    ownerXml(page.owner, 'Initiator'),
    ownerXml(page.owner),
    xmlElement('StorageClass', storageClass),
    always('PartNumberMarker', page.partNumberMarker),
    ...optional('NextPartNumberMarker', page.isTruncated ? page.nextPartNumberMarker : undefined),
    always('MaxParts', page.maxParts),
    always('IsTruncated', page.isTruncated),
    ...uploadChecksumXml(page.checksum),
    ...page.parts.map(partXml),
  ]);
}

function partXml(part: ListedPart): XmlElement {
  return xmlElement('Part', [
    always('PartNumber', part.partNumber),
    dateXml('LastModified', part.lastModified),
    etagXml(part.etag),
    always('Size', part.size),
    ...checksumXml(part.checksum),
  ]);
}
