import { xmlElement, type XmlElement } from '@coffer/xml';
import { S3Error } from '../values/s3-error.ts';
import { childrenOf, expectRoot, s3Namespace, textOf } from '../values/xml-reading.ts';

const regionShape = /^[A-Za-z0-9-]{1,63}$/;

/**
 * The region in a `CreateBucketConfiguration` (AWS docs `CreateBucket`); undefined if it names none. Kinds of buckets
 * that AWS has besides are ignored.
 *
 * @throws S3Error `MalformedXML`, `InvalidLocationConstraint`, or `NotImplemented` for tags.
 */
export function readCreateBucket(root: XmlElement): string | undefined {
  expectRoot(root, 'CreateBucketConfiguration');
  const { LocationConstraint: constraint, Tags: tags } = childrenOf(root, [
    'LocationConstraint',
    'Location',
    'Bucket',
    'Tags',
  ]);
  if (tags !== undefined) throw new S3Error('NotImplemented', { message: 'Tags of buckets are not supported' });
  const region = constraint === undefined ? '' : textOf(constraint);
  if (region !== '' && !regionShape.test(region)) throw new S3Error('InvalidLocationConstraint');
  return region === '' ? undefined : region;
}

/**
 * Checks that a new bucket is asked for in this server's region.
 *
 * @param aliases Further names of the region.
 * @throws S3Error `IllegalLocationConstraintException`
 */
export function checkLocation(asked: string | undefined, region: string, aliases: readonly string[] = []): void {
  if (asked === undefined || asked === region || aliases.includes(asked)) return;
  const message =
    `The ${asked} location constraint is incompatible for the region specific endpoint this request was ` +
    `sent to. Its region is ${region}.`;
  throw new S3Error('IllegalLocationConstraintException', { message });
}

/** `LocationConstraint` of a bucket. */
export function locationXml(region: string): XmlElement {
  return xmlElement('LocationConstraint', region, [['xmlns', s3Namespace]]);
}
