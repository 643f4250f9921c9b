import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { S3Context } from './s3-context.ts';
import { S3Failure } from './s3-failure.ts';

type Place = Pick<S3Context, 'calls' | 'bucket' | 'abilities'>;

/**
 * Removes an object, and where the bucket keeps old versions, all of it. Removing what is not there is allowed.
 *
 * @throws S3Failure
 */
export async function removeObject(place: Place, key: string): Promise<void> {
  if (!place.abilities.versions) {
    await removeOne(place, key, undefined);
    return;
  }
  for (;;) {
    const versions = await versionsOf(place, key);
    for (const versionId of versions) await removeOne(place, key, versionId);
    if (versions.length === 0) return;
  }
}

async function removeOne({ calls, bucket }: Place, key: string, versionId: string | undefined): Promise<void> {
  const command = new DeleteObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(versionId !== undefined && { VersionId: versionId }),
  });
  try {
    await calls.send((client, options) => client.send(command, options));
  } catch (error) {
    // Most stores say that they have removed what was not there; some say that it was not there.
    if (!(error instanceof S3Failure && error.kind === 'missing_key')) throw error;
  }
}

/** Some versions and delete markers of that very key; none only if there is none. */
async function versionsOf({ calls, bucket }: Place, key: string): Promise<readonly string[]> {
  const command = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, MaxKeys: 100 });
  const page = await calls.send((client, options) => client.send(command, options));
  // Keys that only begin with this one come behind it.
  return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].flatMap(({ Key, VersionId }) =>
    Key === key && VersionId !== undefined ? [VersionId] : [],
  );
}
