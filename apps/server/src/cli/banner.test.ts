import { describe, expect, it } from 'vitest';
import { banner, type BannerFacts } from './banner.ts';
import { shellWord } from './client-lines.ts';

const facts: BannerFacts = {
  version: '1.2.3',
  urls: { http: 'http://127.0.0.1:8920', https: undefined, admin: undefined },
  publicUrl: undefined,
  memory: false,
  data: '/srv/data',
  keys: '/srv/data-keys',
  keyId: '0123456789ab',
  secret: 'K001abc',
  certificateFile: undefined,
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
    expect(banner({ ...facts, keys: '/mnt/keys' })).toContain('--data /srv/data --keys /mnt/keys\n');
  });
});

it('does not show the key later, and the lines still work', () => {
  const text = banner({ ...facts, secret: undefined });
  expect(text).not.toContain('K001abc');
  expect(text).toContain('eval "$(coffer keys show-master --data /srv/data)"');
});

describe('of a server in memory', () => {
  it('names no place and no command that shows the key', () => {
    const text = banner({ ...facts, memory: true });
    expect(text).toContain('export B2_APPLICATION_KEY=K001abc\n');
    expect(text).not.toMatch(/srv|show-master/);
  });

  it('takes a key that was given from its variable', () => {
    const text = banner({ ...facts, memory: true, secret: undefined });
    expect(text).toContain('export B2_APPLICATION_KEY_ID=0123456789ab B2_APPLICATION_KEY="$COFFER_MASTER_KEY"\n');
    expect(text).not.toMatch(/srv|show-master/);
  });
});

it('names the public URL where there is one', () => {
  const text = banner({ ...facts, publicUrl: 'https://b2.example.org' });
  expect(text).toContain('export B2_ENVIRONMENT=https://b2.example.org');
});

it('tells clients to trust the self-made certificate where they use it', () => {
  const secure = { ...facts.urls, http: undefined, https: 'https://127.0.0.1:8943' };
  const text = banner({ ...facts, urls: secure, certificateFile: '/srv/data-tls/cert.pem' });
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
