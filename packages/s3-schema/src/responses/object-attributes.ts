import { xmlElement, type XmlElement } from '@coffer/xml';
import type { Checksum, ChecksumType } from '../values/checksum.ts';
import { storageClass } from '../values/storage-class.ts';
import { always, checksumXml, document, optional, typedChecksumXml } from './elements.ts';

/** The parts of an object that was uploaded in parts. */
export interface ObjectParts {
  readonly count: number;
  readonly partNumberMarker: number;
  readonly nextPartNumberMarker: number;
  readonly maxParts: number;
  readonly isTruncated: boolean;
  /** Only those with a checksum are told of. */
  readonly parts: readonly { readonly partNumber: number; readonly size: number; readonly checksum: Checksum }[];
}

/** The attributes that were asked for. */
export interface ObjectAttributesResult {
  /** Without quotes, and printed without. */
  readonly etag?: string;
  readonly checksum?: Checksum;
  readonly checksumType?: ChecksumType;
  readonly objectParts?: ObjectParts;
  readonly hasStorageClass?: boolean;
  /** Bytes of the plaintext. */
  readonly objectSize?: number;
}

/** `GetObjectAttributesResponse` (AWS docs `GetObjectAttributes`). */
export function objectAttributesXml(result: ObjectAttributesResult): XmlElement {
  const checksum = typedChecksumXml(result.checksum, result.checksumType);
  return document('GetObjectAttributesResponse', [
    ...optional('ETag', result.etag),
    ...(result.checksum === undefined ? [] : [xmlElement('Checksum', checksum)]),
    ...(result.objectParts === undefined ? [] : [partsXml(result.objectParts)]),
    ...optional('StorageClass', result.hasStorageClass === true ? storageClass : undefined),
    ...optional('ObjectSize', result.objectSize),
  ]);
}

function partsXml(parts: ObjectParts): XmlElement {
  return xmlElement('ObjectParts', [
    always('PartsCount', parts.count),
    always('PartNumberMarker', parts.partNumberMarker),
    always('NextPartNumberMarker', parts.nextPartNumberMarker),
    always('MaxParts', parts.maxParts),
    always('IsTruncated', parts.isTruncated),
    ...parts.parts.map((part) =>
      xmlElement('Part', [
        always('PartNumber', part.partNumber),
        always('Size', part.size),
        ...checksumXml(part.checksum),
      ]),
    ),
  ]);
}
