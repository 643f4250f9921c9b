import { SecretString } from '@coffer/bytes';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { s3ClientConfig } from './s3-client-config.ts';

const key = 'K001 a key that nobody may see';
const given = { keyId: '0014a98f9d9e8d0000001', key };

describe('s3ClientConfig', () => {
  it.each([
    ['https://s3.us-west-004.backblazeb2.com', 'us-west-004', false],
    ['https://s3.eu-central-003.files.example', 'us-east-1', true],
    ['https://s3.example.com', 'us-east-1', true],
    ['https://s3.us-west-004.backblazeb2.com.example', 'us-east-1', true],
    ['https://files.example', 'us-east-1', true],
    ['http://127.0.0.1:8080', 'us-east-1', true],
    ['https://[::1]:8443', 'us-east-1', true],
    ['http://localhost:8080', 'us-east-1', true],
  ])('of %s: region %s, buckets in the path: %s', (s3ApiUrl, region, forcePathStyle) => {
    expect(s3ClientConfig({ s3ApiUrl }, given)).toMatchObject({ endpoint: s3ApiUrl, region, forcePathStyle });
  });

  it('lets the caller say region and style', () => {
    const config = s3ClientConfig({ s3ApiUrl: 'https://a.example' }, { ...given, region: 'x', forcePathStyle: false });
    expect(config).toMatchObject({ region: 'x', forcePathStyle: false });
  });

  it('gives out the key only when it is asked for, also after the caller has wiped his', async () => {
    const secret = SecretString.of(key);
    const config = s3ClientConfig({ s3ApiUrl: 'https://a.example' }, { ...given, key: secret });
    secret.wipe();
    expect(inspect(config, { depth: 9, showHidden: true }) + JSON.stringify(config)).not.toContain('nobody');
    expect(await config.credentials()).toEqual({ accessKeyId: given.keyId, secretAccessKey: key });
  });

  it('refuses what is no address', () => {
    expect(() => s3ClientConfig({ s3ApiUrl: 'files.example' }, given)).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});
