import { S3Error } from './s3-error.ts';

/** The one storage class. */
export const storageClass = 'STANDARD';

/**
 * Checks `x-amz-storage-class`.
 *
 * @throws S3Error `InvalidStorageClass`
 */
export function checkStorageClass(text: string): typeof storageClass {
  if (text === storageClass) return storageClass;
  throw new S3Error('InvalidStorageClass', { details: { StorageClassRequested: text } });
}
