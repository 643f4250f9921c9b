import type { XmlElement } from '@coffer/xml';
import { checksumAlgorithms, checksumNames, parseChecksumValue, type Checksum } from '../values/checksum.ts';
import { parseEtag } from '../values/etag.ts';
import { parsePartNumber } from '../values/integers.ts';
import { maxPartNumber } from '../values/limits.ts';
import { invalidRequest, S3Error } from '../values/s3-error.ts';
import { allChildren, childrenOf, expectRoot, malformedXml, textOf } from '../values/xml-reading.ts';

/** A part that the finished object is to have. */
export interface CompletedPart {
  readonly partNumber: number;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum: Checksum | undefined;
}

const checksumElements = checksumNames.map((name) => checksumAlgorithms[name].element);

/**
 * Reads a `CompleteMultipartUpload` (AWS docs, page of that name): the parts in ascending order.
 *
 * @throws S3Error `MalformedXML`, `InvalidRequest` without a part, `InvalidPartOrder`, or `InvalidArgument` for a
 * number that no part can have.
 */
export function readCompleteUpload(root: XmlElement): readonly CompletedPart[] {
  expectRoot(root, 'CompleteMultipartUpload');
  const elements = allChildren(root, 'Part');
  if (elements.length < root.children.length || elements.length > maxPartNumber) throw malformedXml();
  if (elements.length === 0) throw invalidRequest('You must specify at least one part');
  const parts = elements.map(readPart);
  const isAscending = parts.every(({ partNumber }, index) => partNumber > (parts[index - 1]?.partNumber ?? 0));
  if (!isAscending) throw new S3Error('InvalidPartOrder');
  return parts;
}

function readPart(element: XmlElement): CompletedPart {
  const {
    PartNumber: number,
    ETag: etag,
    ...checksums
  } = childrenOf(element, ['PartNumber', 'ETag', ...checksumElements]);
  if (number === undefined || etag === undefined) throw malformedXml();
  const given = checksumNames.flatMap((algorithm) => {
    const value = checksums[checksumAlgorithms[algorithm].element];
    return value === undefined ? [] : [parseChecksumValue(algorithm, textOf(value))];
  });
  if (given.length > 1) throw malformedXml();
  return { partNumber: parsePartNumber(textOf(number)), etag: parseEtag(textOf(etag)), checksum: given[0] };
}
