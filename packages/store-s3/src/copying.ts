import { CopyObjectCommand } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { MultipartUpload } from './multipart-upload.ts';
import { lookAt, type ObjectFacts } from './object-facts.ts';
import { removeObject } from './removal.ts';
import type { S3Context } from './s3-context.ts';
import { S3Failure } from './s3-failure.ts';

/**
 * Has the store copy an object, and makes sure that it did. `facts`: what is known of the source.
 *
 * @throws S3Failure `missing_key` if the source is gone.
 */
export async function copyObject(context: S3Context, from: string, to: string, facts: ObjectFacts): Promise<void> {
  if (facts.length <= context.copyLength) await copyWhole(context, from, to, facts);
  else await copyInParts(context, from, to, facts);
}

async function copyWhole(context: S3Context, from: string, to: string, facts: ObjectFacts): Promise<void> {
  const { calls, bucket } = context;
  // Metadata comes along. The same bytes are copied however often this is sent.
  const command = new CopyObjectCommand({
    Bucket: bucket,
    Key: to,
    CopySource: sourceOf(context, from),
    CopySourceIfMatch: facts.etag,
  });
  await calls.send((client, options) => client.send(command, options), { isLong: true, isWrite: true });
  const copy = await lookAt(context, to);
  if (copy?.length === facts.length && copy.mark === facts.mark) return;
  await removeObject(context, to);
  throw new S3Failure('damaged', 'it copied something else than it was asked for');
}

/** Of objects that are too large for one request. */
async function copyInParts(context: S3Context, from: string, to: string, facts: ObjectFacts): Promise<void> {
  const mark = facts.mark ?? randomBytes(16).toString('hex');
  const upload = await MultipartUpload.begin(context, to, mark, false);
  try {
    for (let start = 0; start < facts.length; start += context.copyLength) {
      const end = Math.min(start + context.copyLength, facts.length);
      await upload.copyPart(sourceOf(context, from), `bytes=${start}-${end - 1}`);
    }
    await upload.complete(facts.length, false);
  } catch (error) {
    await upload.abort();
    throw error;
  }
}

function sourceOf({ bucket }: S3Context, key: string): string {
  // No character of bucket names and of our keys has to be encoded.
  return `${bucket}/${key}`;
}
