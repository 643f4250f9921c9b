import { readBucketEncryption, type BucketEncryption } from '@coffer/sse-schema';
import type { XmlElement } from '@coffer/xml';
import { invalidArgument, S3Error } from '../values/s3-error.ts';
import { malformedXml } from '../values/xml-reading.ts';

/**
 * Reads a `ServerSideEncryptionConfiguration` (AWS docs `PutBucketEncryption`).
 *
 * @throws S3Error `MalformedXML`, `NotImplemented` for KMS, or `InvalidArgument` for a KMS key without KMS.
 */
export function readEncryption(root: XmlElement): BucketEncryption {
  const read = readBucketEncryption(root);
  if (read.ok) return read.value;
  switch (read.error.code) {
    case 'kms_not_supported':
      throw new S3Error('NotImplemented', { message: 'Server side encryption with KMS is not supported' });
    case 'kms_parameter_not_applicable':
      throw invalidArgument(
        'ApplyServerSideEncryptionByDefault',
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      );
    default:
      throw malformedXml();
  }
}
