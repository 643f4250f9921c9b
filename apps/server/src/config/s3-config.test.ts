import { describe, expect, it } from 'vitest';
import { loadConfig, type ConfigSources } from './load-config.ts';
import { parseConfig } from './parse-config.ts';

const load = (flags: ConfigSources['flags'], environment: ConfigSources['environment'] = {}) =>
  loadConfig({ flags, environment });

describe('the S3 Compatible API', () => {
  it('is on, and on the same listeners as B2, unless something else is said', () => {
    expect(load({}).s3).toEqual({
      listen: undefined,
      publicUrl: undefined,
      protocol: {
        regions: ['us-east-1'],
        domains: ['localhost'],
        wrongCustomerKeyStatus: 403,
        completeNeedsCustomerKey: false,
        missingPartStatus: 416,
        b2Strict: false,
        allowInsecureCustomerKeys: false,
      },
    });
  });

  it.each(['off', 'false', '0', 'no'])('is off where it is %s', (word) => {
    expect(load({ s3: word }).s3).toBeUndefined();
    expect(load({}, { COFFER_S3: word }).s3).toBeUndefined();
    expect(parseConfig({ s3: false }).s3).toBeUndefined();
  });

  it('takes what is chosen', () => {
    const { s3 } = load({
      s3: 'on',
      s3Listen: '0.0.0.0:9000',
      s3PublicUrl: 'https://s3.example.org/',
      s3Region: 'eu-central-1',
      s3RegionAliases: ['us-east-1', 'eu-central-1', 'us-east-1'],
      s3Domains: ['S3.example.org', 'localhost'],
      sseCWrongKeyStatus: '400',
      s3CompleteRequiresKey: true,
      s3PartNumberOutOfRange: '400',
      b2StrictS3: true,
      allowInsecureCustomerKeys: true,
    });
    expect(s3).toEqual({
      listen: { host: '0.0.0.0', port: 9_000 },
      publicUrl: 'https://s3.example.org',
      protocol: {
        regions: ['eu-central-1', 'us-east-1'],
        domains: ['s3.example.org', 'localhost'],
        wrongCustomerKeyStatus: 400,
        completeNeedsCustomerKey: true,
        missingPartStatus: 400,
        b2Strict: true,
        allowInsecureCustomerKeys: true,
      },
    });
  });

  it('has the host names of the public URLs as its domains, and no IP address', () => {
    const urls = { publicUrl: 'https://B2.example.org:8443', s3PublicUrl: 'https://s3.example.org' };
    expect(load(urls).s3?.protocol.domains).toEqual(['localhost', 'b2.example.org', 's3.example.org']);
    for (const publicUrl of ['https://192.0.2.1', 'https://[2001:db8::1]:8443', 'http://localhost:8920'])
      expect(load({ publicUrl }).s3?.protocol.domains).toEqual(['localhost']);
  });

  it('takes lists from the environment', () => {
    const { s3 } = load({}, { COFFER_S3_DOMAINS: 'a.example.org, b.example.org', COFFER_S3_REGION_ALIASES: 'r1,r2' });
    expect(s3?.protocol).toMatchObject({
      domains: ['a.example.org', 'b.example.org'],
      regions: ['us-east-1', 'r1', 'r2'],
    });
  });

  it.each([
    [{ s3: 'perhaps' }, '--s3 must be on or off.'],
    [{ s3Listen: '9000' }, '--s3-listen must be host:port, or off.'],
    [{ s3PublicUrl: 'https://s3.example.org/path' }, '--s3-public-url must be an http or https URL without a path'],
    [{ s3Region: 'eu/central' }, '--s3-region must be a region'],
    [{ s3RegionAliases: ['ok', ''] }, '--s3-region-aliases must be names of regions'],
    [{ s3Domains: ['s3.example.org:9000'] }, '--s3-domains must be host names without ports'],
    [{ s3Domains: ['192.0.2.1'] }, '--s3-domains must be host names'],
    [{ s3Domains: ['https://s3.example.org'] }, '--s3-domains must be host names'],
    [{ sseCWrongKeyStatus: '401' }, '--sse-c-wrong-key-status must be 403 or 400.'],
    [{ s3PartNumberOutOfRange: '404' }, '--s3-part-number-out-of-range must be 416 or 400.'],
    [{ s3: 'off', s3Listen: '127.0.0.1:9000' }, '--s3-listen means nothing where S3 is off.'],
    [{ s3: 'off', s3PublicUrl: 'https://s3.example.org' }, '--s3-public-url means nothing where S3 is off.'],
    [
      { publicUrl: 'https://b2.example.org', s3Domains: ['example.org'] },
      '--s3-domains would make the first name of b2.example.org, a public URL, a bucket: add it, too.',
    ],
  ])('%o', (flags, message) => {
    expect(() => load(flags)).toThrow(message);
  });
});
