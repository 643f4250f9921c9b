import { SecretString } from '@coffer/bytes';
import type { BlobFixture } from '@coffer/storage-testkit';
import { openS3BlobStore, type S3BlobStore, type S3StoreOptions } from '@coffer/store-s3';
import { randomBytes } from 'node:crypto';
import { FaultProxy, type ProxyPlan } from './fault-proxy.ts';
import type { S3Target } from './s3-target.ts';

/** A store of its own below a prefix of the target's bucket, behind a proxy. */
export interface TargetFixture extends BlobFixture {
  readonly store: S3BlobStore;
  readonly proxy: FaultProxy;
}

/** Short time limits: what a fault holds up, they end. */
const quick = { connect: 2_000, call: 8_000, longCall: 20_000, idle: 3_000, pause: 600, attempts: 8, resumptions: 8 };

/** Makes an empty store on the target. */
export async function openTarget(
  target: S3Target,
  plan: ProxyPlan = {},
  options: Partial<S3StoreOptions> = {},
): Promise<TargetFixture> {
  const proxy = await FaultProxy.start(target.endpoint, plan);
  const all: S3StoreOptions = {
    address: `s3://${target.bucket}/${randomBytes(8).toString('hex')}`,
    storeId: randomBytes(16).toString('hex'),
    create: true,
    endpoint: proxy.url,
    region: target.region,
    credentials: {
      accessKeyId: target.accessKeyId,
      secretAccessKey: SecretString.of(target.secretAccessKey),
    },
    limits: quick,
    ...options,
  };
  try {
    return {
      store: await openS3BlobStore(all),
      proxy,
      reopen: () => openS3BlobStore({ ...all, create: false }),
      dispose: () => proxy.stop(),
    };
  } catch (error) {
    await proxy.stop();
    throw error;
  }
}
