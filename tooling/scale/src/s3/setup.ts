import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { TestProject } from 'vitest/node';
import type { S3Target } from './s3-target.ts';
import { startCeph, startCoffer, startVersity, type StartedStore } from './started-store.ts';

/** Starts every store for all tests of this folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const versity = process.env['COFFER_SCALE_VERSITYGW'];
  if (versity === undefined) throw new Error('COFFER_SCALE_VERSITYGW names no program: start the tests by pnpm scale');
  const starts = { ceph: startCeph, coffer: startCoffer, versity: () => startVersity(versity) };
  const wanted = process.env['COFFER_SCALE_STORES']?.split(',') ?? Object.keys(starts);
  const started: StartedStore[] = [];
  const removeAll = async () => {
    await Promise.all(started.map(({ remove }) => remove()));
  };
  try {
    for (const [name, start] of Object.entries(starts)) if (wanted.includes(name)) started.push(await start());
    for (const { target } of started) await createBucket(target);
  } catch (error) {
    await removeAll();
    throw error;
  }
  project.provide(
    's3Targets',
    started.map(({ target }) => target),
  );
  return removeAll;
}

async function createBucket({ endpoint, region, bucket, accessKeyId, secretAccessKey }: S3Target): Promise<void> {
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}
