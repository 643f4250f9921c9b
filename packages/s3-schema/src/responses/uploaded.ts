import { xmlElement, type XmlElement } from '@coffer/xml';
import type { Checksum, ChecksumType } from '../values/checksum.ts';
import { dateXml, document, etagXml, typedChecksumXml, checksumXml } from './elements.ts';

/** A multipart upload that has begun. */
export interface InitiateUploadResult {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

/** An object that was made from its parts. */
export interface CompleteUploadResult {
  /** URL of the object, its key percent-encoded. */
  readonly location: string;
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum?: Checksum;
  readonly checksumType?: ChecksumType;
}

/** An object or a part that was copied. */
export interface CopyResult {
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  readonly checksum?: Checksum;
  /** Of an object only. */
  readonly checksumType?: ChecksumType;
}

/** `InitiateMultipartUploadResult` (AWS docs `CreateMultipartUpload`). */
export function initiateUploadXml({ bucket, key, uploadId }: InitiateUploadResult): XmlElement {
  return document('InitiateMultipartUploadResult', [
    xmlElement('Bucket', bucket),
    xmlElement('Key', key),
    xmlElement('UploadId', uploadId),
  ]);
}

/** `CompleteMultipartUploadResult` (AWS docs `CompleteMultipartUpload`). */
export function completeUploadXml(result: CompleteUploadResult): XmlElement {
  return document('CompleteMultipartUploadResult', [
    xmlElement('Location', result.location),
    xmlElement('Bucket', result.bucket),
    xmlElement('Key', result.key),
    etagXml(result.etag),
    ...typedChecksumXml(result.checksum, result.checksumType),
  ]);
}

/** `CopyObjectResult` (AWS docs `CopyObject`). */
export function copyObjectXml({ etag, lastModified, checksum, checksumType }: CopyResult): XmlElement {
  return document('CopyObjectResult', [
    etagXml(etag),
    dateXml('LastModified', lastModified),
    ...typedChecksumXml(checksum, checksumType),
  ]);
}

/** `CopyPartResult` (AWS docs `UploadPartCopy`). */
export function copyPartXml({ etag, lastModified, checksum }: CopyResult): XmlElement {
  return document('CopyPartResult', [etagXml(etag), dateXml('LastModified', lastModified), ...checksumXml(checksum)]);
}

/** What a browser's form gets that asked for status 201. */
export interface PostResult {
  /** URL of the object, its key percent-encoded. */
  readonly location: string;
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. */
  readonly etag: string;
}

/** `PostResponse` (AWS docs "POST Object"). It has no namespace. */
export function postObjectXml({ location, bucket, key, etag }: PostResult): XmlElement {
  return xmlElement('PostResponse', [
    xmlElement('Location', location),
    xmlElement('Bucket', bucket),
    xmlElement('Key', key),
    etagXml(etag),
  ]);
}
