// Uploads or downloads one file with @coffer/client and its defaults, as the benchmark of clients asks.
import { createClient } from '@coffer/client';
import { createWriteStream, openAsBlob } from 'node:fs';
import { pipeline } from 'node:stream/promises';

const [direction, file = '', fileName = ''] = process.argv.slice(2);
const { B2_APPLICATION_KEY_ID: keyId = '', B2_APPLICATION_KEY: key = '', B2_URL: url, B2_BUCKET = '' } = process.env;
const client = createClient({ keyId, key, url });
if (direction === 'upload') {
  const { buckets } = await client.api.listBuckets({ bucketName: B2_BUCKET });
  const [bucket] = buckets;
  if (bucket === undefined) throw new Error('There is no bucket to upload to');
  await client.upload({ bucketId: bucket.bucketId, fileName, data: await openAsBlob(file) });
} else {
  const parallel = Number(process.env['COFFER_BENCH_PARALLEL'] ?? 1);
  const { stream } = await client.download({ bucketName: B2_BUCKET, fileName, parallel });
  await pipeline(stream, createWriteStream(file, { highWaterMark: 2 ** 20 }));
}
client.close();
