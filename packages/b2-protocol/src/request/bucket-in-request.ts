/** The fields that name a bucket, or a file and with it a bucket, in the order in which they count. */
const naming = ['bucketId', 'destinationBucketId', 'fileId', 'largeFileId', 'sourceFileId'] as const;

const bucketShape = /^[0-9a-f]{24}$/;
const fileShape = /^4_z([0-9a-f]{24})_/;

/**
 * The bucket that a request is about, for the log: the one that its fields name, that a file id in its fields belongs
 * to, or that the upload URL is for. Null if nothing names a bucket, or if what should name it has not the form of an
 * id.
 */
export function bucketInRequest(input: object, uploadTarget: string | undefined): string | null {
  const fields = input as Partial<Record<(typeof naming)[number], unknown>>;
  const named = [uploadTarget, ...naming.map((field) => fields[field])].find((value) => typeof value === 'string');
  if (typeof named !== 'string') return null;
  return bucketShape.test(named) ? named : (fileShape.exec(named)?.[1] ?? null);
}
