import { xmlElement, type XmlElement } from '@coffer/xml';
import { S3Error } from '../values/s3-error.ts';
import { childrenOf, expectRoot, s3Namespace } from '../values/xml-reading.ts';

/**
 * Reads a `BucketLoggingStatus` (AWS docs `PutBucketLogging`), which may only say that nothing is logged.
 *
 * @throws S3Error `MalformedXML`, or `NotImplemented` for a target.
 */
export function readLogging(root: XmlElement): 'off' {
  expectRoot(root, 'BucketLoggingStatus');
  const { LoggingEnabled: enabled } = childrenOf(root, ['LoggingEnabled']);
  if (enabled === undefined) return 'off';
  throw new S3Error('NotImplemented', { message: 'Logging to a bucket is not supported' });
}

/** `BucketLoggingStatus` of any bucket. */
export function loggingXml(): XmlElement {
  return xmlElement('BucketLoggingStatus', [], [['xmlns', s3Namespace]]);
}
