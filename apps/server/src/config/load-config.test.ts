import { availableParallelism } from 'node:os';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SecretString } from '@coffer/bytes';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testPlaces } from '../test-support/temporary-place.ts';
import { ConfigError } from './config-error.ts';
import { loadConfig, type ConfigSources } from './load-config.ts';
import { parseConfig } from './parse-config.ts';

const { temporaryDirectory } = testPlaces(onTestFinished);

function load(sources: Partial<ConfigSources>) {
  return loadConfig({ flags: {}, environment: {}, ...sources });
}

async function fileOf(content: string): Promise<string> {
  const path = join(await temporaryDirectory(), 'coffer.json');
  await writeFile(path, content);
  return path;
}

/** In the form of B2's. */
const goodKey = 'K001xSZNCdHkPQh4W4AYpfRUoD0a2Ah';

describe('defaults', () => {
  it('are a plain HTTP server on loopback with keys beside the data', () => {
    expect(load({})).toMatchObject({
      data: resolve('data'),
      keys: resolve('data-keys'),
      rootKey: { kind: 'file', path: resolve('data-keys/root.key') },
      listen: { host: '127.0.0.1', port: 8920 },
      https: undefined,
      adminListen: { host: '127.0.0.1', port: 8921 },
      storage: { minimumPartSize: 5_000_000, encryptByDefault: false },
      protocol: { recommendedPartSize: 100_000_000 },
      masterKey: undefined,
    });
  });

  it('follow from what is set', () => {
    const config = load({ flags: { data: '/srv/x', devTls: true, minimumPartSize: '200000000', adminListen: 'off' } });
    expect(config.keys).toBe('/srv/x-keys');
    expect(config.https).toEqual({
      listen: { host: '127.0.0.1', port: 8943 },
      tls: { kind: 'dev', directory: '/srv/x-tls' },
    });
    expect(config.protocol.recommendedPartSize).toBe(200_000_000);
    expect(config.adminListen).toBeUndefined();
  });
});

describe('precedence', () => {
  it('is flags, environment, file', async () => {
    const file = await fileOf('{"minimumPartSize": 1, "inlineThreshold": 2, "logLevel": "debug"}');
    const environment = { COFFER_MINIMUM_PART_SIZE: '3', COFFER_INLINE_THRESHOLD: '4', COFFER_DATA: '' };
    const config = load({ flags: { minimumPartSize: '5' }, environment, file });
    expect(config).toMatchObject({
      storage: { minimumPartSize: 5, inlineThreshold: 4 },
      logLevel: 'debug',
      data: resolve('data'),
    });
  });

  it('lets COFFER_CONFIG name the file, and a flag another', async () => {
    const [one, two] = [await fileOf('{"minimumPartSize": 1}'), await fileOf('{"minimumPartSize": 2}')];
    expect(load({ environment: { COFFER_CONFIG: one } }).storage.minimumPartSize).toBe(1);
    expect(load({ environment: { COFFER_CONFIG: one }, file: two }).storage.minimumPartSize).toBe(2);
  });

  it('takes the master key from the environment only, as a secret', async () => {
    const masterKey = load({ environment: { COFFER_MASTER_KEY: goodKey } }).masterKey;
    expect(masterKey?.equals(SecretString.of(goodKey))).toBe(true);
    const file = await fileOf('{"masterKey": "K001another-of-the-form-of-B2s"}');
    expect(() => load({ file })).toThrow(/"masterKey" in the configuration file is a secret.*COFFER_MASTER_KEY/);
  });
});

describe('a master key that is given', () => {
  it.each([
    ['a', 'far too short'],
    [goodKey.slice(0, 25), 'less than 128 bits'],
    [`K001${'a'.repeat(27)}`, 'one character again and again'],
    [`K001${'abcd'.repeat(7)}`, 'a pattern'],
    [goodKey.slice(1), 'no K'],
    [`${goodKey} `, 'a space'],
    [`${goodKey}é`, 'a character that is none of base64'],
  ])('%j is refused: %s', (key) => {
    const start = (): unknown => load({ environment: { COFFER_MASTER_KEY: key } });
    expect(start).toThrow(/^The environment variable COFFER_MASTER_KEY must be K, three digits and 22 to 60 random/);
    if (key.length > 1) expect(start).not.toThrow(key);
  });

  it.each([goodKey, 'K004oD0a2Ah+/hW4AYpfRUSZNCdHkP4', 'K001aD0a2AhhW4AY-fR_SZNCdHkPQ'])('%s is taken', (key) => {
    expect(load({ environment: { COFFER_MASTER_KEY: key } }).masterKey?.equals(SecretString.of(key))).toBe(true);
  });

  it('may have its id given too, wherever settings are', async () => {
    const id = '0123456789ab';
    expect(load({ environment: { COFFER_MASTER_KEY_ID: id } }).masterKeyId).toBe(id);
    expect(load({ flags: { masterKeyId: id } }).masterKeyId).toBe(id);
    expect(load({ file: await fileOf(`{"masterKeyId": "${id}"}`) }).masterKeyId).toBe(id);
    for (const wrong of ['0123456789a', '0123456789AB', '0123456789abc', 'master'])
      expect(() => load({ flags: { masterKeyId: wrong } })).toThrow('--master-key-id must be 12 hexadecimal digits');
  });
});

describe('where webhooks may go', () => {
  it('is nowhere but the Internet, and what is added by flags, the environment or a file', () => {
    expect(load({}).webhooks).toEqual({ allow: [], allowHttp: false });
    const allow = ['10.0.0.0/8', 'hooks.internal'];
    const flags = { webhookAllow: allow, webhookAllowHttp: true };
    expect(load({ flags }).webhooks).toEqual({ allow, allowHttp: true });
    const environment = { COFFER_WEBHOOK_ALLOW: '10.0.0.0/8, hooks.internal', COFFER_WEBHOOK_ALLOW_HTTP: 'yes' };
    expect(load({ environment }).webhooks).toEqual({ allow, allowHttp: true });
  });
});

describe('test mode', () => {
  it('is off, and has its settings where it is on', () => {
    expect(load({}).protocol.testMode).toBeUndefined();
    const none = { latencyMilliseconds: 0, uploadFailureRate: 0 };
    expect(load({ flags: { testMode: true } }).protocol.testMode).toEqual(none);
    const flags = { testMode: true, testLatencyMs: '250', testUploadFailureRate: '0.25' };
    expect(load({ flags }).protocol.testMode).toEqual({ latencyMilliseconds: 250, uploadFailureRate: 0.25 });
  });
});

describe('words for the environment', () => {
  it.each([
    ['true', true],
    ['1', true],
    ['yes', true],
    ['false', false],
    ['0', false],
    ['no', false],
  ])('%s is %s', (word, expected) => {
    expect(load({ environment: { COFFER_ENCRYPT_BY_DEFAULT: word } }).storage.encryptByDefault).toBe(expected);
  });
});

describe('addresses', () => {
  it.each([
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['b2.example.org:65535', { host: 'b2.example.org', port: 65_535 }],
  ])('%s', (text, expected) => {
    expect(load({ flags: { listen: text } }).listen).toEqual(expected);
  });
});

describe('what is wrong is named where it was set', () => {
  it.each([
    [{ flags: { listen: '8920' } }, '--listen must be host:port, or off.'],
    [{ flags: { listen: 'host:65536' } }, '--listen must be host:port, or off.'],
    [{ environment: { COFFER_HTTPS_LISTEN: 'x' } }, 'The environment variable COFFER_HTTPS_LISTEN must be host:port'],
    [{ environment: { COFFER_DEV_TLS: 'maybe' } }, 'COFFER_DEV_TLS must be true or false.'],
    [{ flags: { minimumPartSize: '1e3' } }, '--minimum-part-size must be a whole number from 1 to 5368709120.'],
    [{ flags: { inlineThreshold: '-1' } }, '--inline-threshold must be a whole number'],
    [
      { flags: { publicUrl: 'https://b2.example.org/path' } },
      '--public-url must be an http or https URL without a path',
    ],
    [{ flags: { publicUrl: 'ftp://b2.example.org' } }, '--public-url must be an http or https URL'],
    [{ flags: { logLevel: 'loud' } }, '--log-level must be one of trace, debug'],
    [{ flags: { rootKeyEnv: 'a b' } }, '--root-key-env must be the name of an environment variable, not a value.'],
    [{ flags: { httpsListen: '127.0.0.1:1' } }, '--https-listen needs a certificate'],
    [{ flags: { devTls: true, tlsCert: 'c', tlsKey: 'k' } }, '--dev-tls makes a certificate of its own'],
    [{ flags: { tlsCert: 'c' } }, '--tls-cert needs --tls-key'],
    [{ flags: { tlsKey: 'k' } }, '--tls-key needs --tls-cert'],
    [{ flags: { listen: 'off' } }, '--listen can be off only where HTTPS is on.'],
    [{ flags: { rootKeyEnv: 'A', passphraseEnv: 'B' } }, '--passphrase-env names a second source'],
    [{ flags: { data: '/d', keys: '/d/keys' } }, '--keys must be outside the data directory'],
    [{ flags: { data: '/d', keys: '/d' } }, '--keys must be outside the data directory'],
    [{ flags: { data: '/d', rootKeyFile: '/d/x/root.key' } }, '--root-key-file must be outside the data directory'],
    [{ flags: { webhookAllow: ['10.0.0.0/8', '10.0.0.0/33'] } }, '--webhook-allow must be addresses, CIDR ranges or'],
    [{ environment: { COFFER_WEBHOOK_ALLOW: '127.1' } }, 'COFFER_WEBHOOK_ALLOW must be addresses, CIDR ranges or'],
    [{ flags: { testLatencyMs: '5' } }, '--test-latency-ms needs --test-mode.'],
    [{ environment: { COFFER_TEST_UPLOAD_FAILURE_RATE: '0.5' } }, 'COFFER_TEST_UPLOAD_FAILURE_RATE needs --test-mode.'],
    [{ flags: { testMode: true, testUploadFailureRate: '1.5' } }, '--test-upload-failure-rate must be a number from 0'],
    [{ flags: { testMode: true, testUploadFailureRate: '-1' } }, '--test-upload-failure-rate must be a number from 0'],
    [
      { flags: { minimumPartSize: '20', recommendedPartSize: '10' } },
      '--recommended-part-size must not be less than the minimum part size, 20.',
    ],
  ])('%o', (sources, message) => {
    expect(() => load(sources)).toThrow(ConfigError);
    expect(() => load(sources)).toThrow(message);
  });

  it('names every wrong setting at once', () => {
    const problems = problemsOf(() => load({ flags: { listen: 'x', logFormat: 'xml' } }));
    expect(problems).toEqual(['--listen', '--log-format']);
  });

  it('names a setting that there is not', async () => {
    const file = await fileOf('{"minimumPartsize": 5}');
    expect(() => load({ file })).toThrow('"minimumPartsize" in the configuration file is not a setting.');
  });

  it('does not take a directory beside the data for one within', () => {
    expect(load({ flags: { data: '/d', keys: '/d..keys' } }).keys).toBe('/d..keys');
  });

  it('says what is wrong with the file, without quoting it', async () => {
    expect(() => load({ file: '/nowhere/coffer.json' })).toThrow(
      '/nowhere/coffer.json cannot be read: it is not there.',
    );
    const secret = await fileOf('{"x": K001secret');
    expect(() => load({ file: secret })).toThrow(/is not valid JSON\.$/);
    const twice = await fileOf('{"listen": "localhost:1", "listen": "K001secret"}');
    expect(() => load({ file: twice })).toThrow(/cannot be used: listen: the key is given more than once\.$/);
    const proto = await fileOf('{"__proto__": {}}');
    expect(() => load({ file: proto })).toThrow(/__proto__: a key must not be named __proto__\.$/);
    const list = await fileOf('[]');
    expect(() => load({ file: list })).toThrow('must hold one JSON object');
  });
});

it('takes a number of workers, or as many as there are cores', () => {
  expect(parseConfig().workers).toBe(1);
  expect(load({ flags: { workers: '3' } }).workers).toBe(3);
  expect(parseConfig({ workers: 'auto' }).workers).toBe(Math.min(availableParallelism(), 64));
  for (const workers of ['0', '65', 'all'])
    expect(() => load({ flags: { workers } })).toThrow('--workers must be auto, or a whole number from 1 to 64');
});

it('parseConfig names settings as a program knows them', () => {
  expect(() => parseConfig({ minimumPartSize: 0 })).toThrow('"minimumPartSize" must be a whole number');
});

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ name }) => name);
  }
  throw new Error('No ConfigError was thrown');
}

describe('connections and proxies', () => {
  it('have a share for each address that follows from the limit', () => {
    const most = (maxConnections?: string) => load({ flags: maxConnections === undefined ? {} : { maxConnections } });
    expect(most().maxConnectionsPerAddress).toBe(1_024);
    expect(most('100').maxConnectionsPerAddress).toBe(64);
    expect(most('6').maxConnectionsPerAddress).toBe(6);
    expect(load({ flags: { maxConnectionsPerAddress: '9' } }).maxConnectionsPerAddress).toBe(9);
  });

  it('are trusted by address or range only', () => {
    expect(load({}).trustedProxy).toEqual([]);
    expect(load({ environment: { COFFER_TRUSTED_PROXY: '10.0.0.0/8, ::1' } }).trustedProxy).toEqual([
      '10.0.0.0/8',
      '::1',
    ]);
    expect(() => load({ flags: { trustedProxy: ['proxy.internal'] } })).toThrow(
      '--trusted-proxy must be addresses or CIDR ranges',
    );
  });
});
