import assert from 'node:assert/strict';
import { createClient, s3ClientConfig } from '@coffer/client';

const { B2_APPLICATION_KEY_ID: keyId = '', B2_APPLICATION_KEY: key = '', B2_URL: url } = process.env;
const client = createClient({ keyId, key, url });
const config = s3ClientConfig(await client.account(), { keyId, key });
client.close();

// const s3 = new S3Client(config);                       of @aws-sdk/client-s3
// await new Upload({ client: s3, params: … }).done();    of @aws-sdk/lib-storage
assert.equal(config.requestChecksumCalculation, 'WHEN_REQUIRED');
assert.equal((await config.credentials()).accessKeyId, keyId);
