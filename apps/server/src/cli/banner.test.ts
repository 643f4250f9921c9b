import { SecretString } from '@coffer/bytes';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import { banner, type BannerFacts } from './banner.ts';
import { shellWord } from './client-lines.ts';

const urls = { http: 'http://127.0.0.1:8920', https: undefined, s3: undefined, admin: undefined, console: undefined };
const config: BannerFacts['config'] = {
  memory: false,
  data: '/srv/data',
  keys: '/srv/data-keys',
  rootKey: { kind: 'file', path: '/srv/data-keys/root.key' },
  publicUrl: undefined,
  bucket: [],
  s3: undefined,
  s3Key: undefined,
  storage: { encryptByDefault: false },
};
const later = { urls, masterKeyId: '0123456789ab' };
const server: BannerFacts['server'] = { ...later, masterKey: SecretString.of('K001abc') };
const facts: BannerFacts = {
  version: '1.2.3',
  server,
  config,
  secret: 'K001abc',
  engine: 'typescript',
  command: 'coffer',
};

describe('on the first start', () => {
  it('has the lines for each client', () => {
    const lines = banner(facts).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'export B2_APPLICATION_KEY_ID=0123456789ab',
        'export B2_APPLICATION_KEY=K001abc',
        'export B2_ENVIRONMENT=http://127.0.0.1:8920',
        'b2 account authorize',
        'rclone lsf :b2:my-bucket --b2-endpoint http://127.0.0.1:8920',
        'curl -u "$B2_APPLICATION_KEY_ID:$B2_APPLICATION_KEY" http://127.0.0.1:8920/b2api/v4/b2_authorize_account',
      ]),
    );
  });

  it('says how to see the key again', () => {
    expect(banner(facts)).toContain('coffer keys show-master --data /srv/data\n');
    expect(
      banner({ ...facts, config: { ...config, keys: '/mnt/keys', rootKey: { kind: 'environment', name: 'ROOT' } } }),
    ).toContain('--data /srv/data --keys /mnt/keys --root-key-env ROOT\n');
  });
});

it('says what becomes of new files in a bucket without a default', () => {
  expect(banner(facts)).toContain(
    '  Encryption  new files in a bucket without a default are not encrypted unless they ask for it (--encrypt-by-default is off)\n',
  );
  expect(banner({ ...facts, config: { ...config, storage: { encryptByDefault: true } } })).toContain(
    '  Encryption  every new file is SSE-B2 unless it asks for SSE-C, in every bucket (--encrypt-by-default is on)\n',
  );
});

it('does not show the key later, and the lines still work', () => {
  const text = banner({ ...facts, secret: undefined });
  expect(text).not.toContain('K001abc');
  expect(text).toContain('eval "$(coffer keys show-master --data /srv/data)"');
});

it('makes nothing again on a later start, and the lines still work', () => {
  const text = banner({ ...facts, server: later, secret: undefined });
  expect(text).not.toMatch(/bucket create|file upload|my-bucket/);
  for (const line of ['b2 bucket list', 'rclone lsd :b2: --b2-endpoint http://127.0.0.1:8920'])
    expect(text.split('\n')).toContain(line);
});

it('uses the bucket that the start has made', () => {
  const lines = banner({ ...facts, config: { ...config, bucket: [{ name: 'photos', defaultEncryption: 'SSE-B2' }] } });
  expect(lines).not.toContain('bucket create');
  expect(lines).toContain('b2 file upload photos hello.txt hello.txt\n');
  expect(lines).toContain('rclone lsf :b2:photos --b2-endpoint');
});

it('keeps the login of the b2 tool apart from others', () => {
  expect(banner(facts)).toMatch(/^export B2_ACCOUNT_INFO=.*\n(.*\n)*b2 account authorize$/m);
});

describe('of a server in memory', () => {
  it('names no place and no command that shows the key', () => {
    const text = banner({ ...facts, config: { ...config, memory: true } });
    expect(text).toContain('export B2_APPLICATION_KEY=K001abc\n');
    expect(text).not.toMatch(/srv|show-master/);
  });

  it('takes a key that was given from its variable', () => {
    const text = banner({ ...facts, config: { ...config, memory: true }, secret: undefined });
    expect(text).toContain('export B2_APPLICATION_KEY_ID=0123456789ab B2_APPLICATION_KEY="$COFFER_MASTER_KEY"\n');
    expect(text).not.toMatch(/srv|show-master/);
  });
});

it('names the public URL where there is one', () => {
  const text = banner({ ...facts, config: { ...config, publicUrl: 'https://b2.example.org' } });
  expect(text).toContain('export B2_ENVIRONMENT=https://b2.example.org');
});

it('tells clients to trust the self-made certificate where they use it', () => {
  const secure = { ...urls, http: undefined, https: 'https://127.0.0.1:8943' };
  const text = banner({ ...facts, server: { ...server, urls: secure, certificateFile: '/srv/data-tls/cert.pem' } });
  expect(text).toContain('export REQUESTS_CA_BUNDLE=/srv/data-tls/cert.pem');
  expect(text).toContain('export RCLONE_CA_CERT=/srv/data-tls/cert.pem');
  expect(text).toContain('curl --cacert /srv/data-tls/cert.pem -u');
});

describe('words for a shell', () => {
  it.each([
    ['/srv/data', '/srv/data'],
    ['/srv/my data', "'/srv/my data'"],
    ["it's", `'it'\\''s'`],
    ['$(x)', "'$(x)'"],
    ['', "''"],
  ])('%s', (text, word) => {
    expect(shellWord(text)).toBe(word);
  });
});

describe('for S3', () => {
  const { s3 } = parseConfig({});
  const withS3 = { ...facts, config: { ...config, s3 } };

  it('has lines for each client, with a key that a command shows', () => {
    const lines = banner(withS3).split('\n');
    expect(lines.find((line) => line.startsWith('# The AWS CLI'))).toMatch(/before 1\.29 and 2\.13 it ignores/);
    expect(lines).toEqual(
      expect.arrayContaining([
        'eval "$(coffer keys show-s3 --data /srv/data)"',
        'export AWS_DEFAULT_REGION=us-east-1 AWS_ENDPOINT_URL=http://127.0.0.1:8920',
        'aws s3 mb s3://my-s3-bucket',
        "echo 'hello world' > hello.txt && aws s3 cp --sse AES256 hello.txt s3://my-s3-bucket/hello-s3.txt",
        'rclone lsf :s3:my-s3-bucket --s3-provider Other --s3-env-auth --s3-endpoint http://127.0.0.1:8920',
        "export RESTIC_REPOSITORY=s3:http://127.0.0.1:8920/my-s3-bucket/restic RESTIC_PASSWORD='choose one of your own'",
      ]),
    );
  });

  it('makes nothing again on a later start', () => {
    const text = banner({ ...withS3, server: later, secret: undefined });
    expect(text).not.toMatch(/s3 mb|s3 cp|restic|my-s3-bucket/);
    expect(text).toContain('\naws s3 ls\n');
  });

  it('has the endpoint of its own listener, and what has to be trusted there', () => {
    const apart = { ...urls, https: 'https://localhost:8443', s3: 'https://localhost:9000' };
    const text = banner({ ...withS3, server: { ...server, urls: apart, certificateFile: '/srv/data/ca.pem' } });
    expect(text).toContain('AWS_ENDPOINT_URL=https://localhost:9000 AWS_CA_BUNDLE=/srv/data/ca.pem\n');
    expect(text).toContain('--s3-endpoint https://localhost:9000 --ca-cert /srv/data/ca.pem\n');
  });

  it('names the variable of a key that the operator chose, and shows the one that a store in memory got', () => {
    const s3Key = { id: 'AKIDEXAMPLE0123456789', secret: SecretString.of('the chosen secret') };
    const chosen = banner({ ...withS3, config: { ...config, s3, s3Key } });
    expect(chosen).toContain('export AWS_ACCESS_KEY_ID=AKIDEXAMPLE0123456789 AWS_SECRET_ACCESS_KEY="$COFFER_S3_KEY"\n');
    expect(chosen).not.toContain('the chosen secret');
    const inMemory = { ...withS3, config: { ...config, s3, memory: true }, server: { ...server, s3Key } };
    expect(banner({ ...inMemory, s3Secret: 'made' })).toContain('export AWS_SECRET_ACCESS_KEY=made\n');
    expect(banner(inMemory)).not.toContain('AWS_');
  });
});

it.each([
  ['native', 'native code encrypts and decrypts'],
  ['typescript', 'TypeScript encrypts and decrypts (no native code)'],
] as const)('it says that the %s engine is at work', (engine, words) => {
  expect(banner({ ...facts, engine })).toMatch(
    new RegExp(`^  Engine +${words.replaceAll(/[()]/g, String.raw`\$&`)}$`, 'm'),
  );
});
