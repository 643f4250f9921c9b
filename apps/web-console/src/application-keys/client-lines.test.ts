import { fc, test } from '@fast-check/vitest';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { clientLines, s3Programs, type ClientProgram, type KeyForClients } from './client-lines.ts';
import { shellWord } from './shell-word.ts';

const programs: readonly ClientProgram[] = ['b2', 'rcloneB2', 'rcloneS3', 'restic', 'aws', 'boto3'];
const given: KeyForClients = {
  keyId: '0014a98f9d9e8d00000000001',
  key: 'K001Example/Example+Example',
  apiUrl: 'https://api.example.com:8920',
  s3ApiUrl: 'https://s3.example.com',
  s3Region: undefined,
  bucket: undefined,
  namePrefix: '',
};

/** What a shell makes of the lines, with `b2`, `rclone` and so on replaced by something that prints its arguments. */
function run(lines: string): readonly string[] {
  const show = `show() { for each in "$@"; do printf '%s\\0' "$each"; done; }`;
  const stand = ['b2', 'rclone', 'restic', 'aws', 'python3'].map((name) => `${name}() { show ${name} "$@"; }`);
  const script = [show, ...stand, lines].join('\n');
  const { status, stdout, stderr } = spawnSync('sh', ['-eu'], { input: script, encoding: 'utf8', env: { HOME: '/h' } });
  expect([status, stderr]).toEqual([0, '']);
  return stdout.split('\0').slice(0, -1);
}

const text = fc.string({ unit: 'binary', maxLength: 40 }).map((it) => it.toWellFormed().replaceAll('\0', ''));

test.prop([text], { numRuns: 60 })('a shell reads every word as the text it is', (word) => {
  expect(run(`show ${shellWord(word)}`)).toEqual([word]);
});

test.prop([text, text], { numRuns: 30 })('no key and no prefix is anything but text', (key, namePrefix) => {
  for (const program of programs) {
    const lines = clientLines(program, { ...given, key, bucket: 'some-bucket', namePrefix });
    const variable = program === 'b2' || program === 'rcloneB2' ? 'B2_APPLICATION_KEY' : 'AWS_SECRET_ACCESS_KEY';
    expect(run(`${lines}\nshow "$${variable}"`).at(-1)).toBe(key);
  }
});

describe('lines for a client', () => {
  it.each(programs)('%s: keep the key out of what the program is called with', (program) => {
    const words = run(clientLines(program, { ...given, bucket: 'some-bucket', namePrefix: "it's/" }));
    expect(words.join('\n')).not.toContain(given.key);
    expect(clientLines(program, given)).toContain(given.key);
  });

  it('do not show the login of the b2 tool, which prints the key', () => {
    expect(run(clientLines('b2', { ...given, bucket: 'some-bucket' }))).toEqual(['b2', 'ls', 'b2://some-bucket/']);
  });

  it('name the bucket and the prefix', () => {
    const narrow = { ...given, bucket: 'some-bucket', namePrefix: "it's $HOME/" };
    const wordsOf = (program: ClientProgram) => run(clientLines(program, narrow));
    expect(wordsOf('b2').slice(-3)).toEqual(['b2', 'ls', "b2://some-bucket/it's $HOME/"]);
    expect(wordsOf('rcloneB2')).toEqual([
      ...['rclone', 'lsf', ":b2:some-bucket/it's $HOME/", '--b2-endpoint', 'https://api.example.com:8920'],
    ]);
    expect(wordsOf('rcloneS3').slice(0, 3)).toEqual(['rclone', 'lsf', ":s3:some-bucket/it's $HOME/"]);
    expect(wordsOf('aws')).toEqual(['aws', 's3', 'ls', "s3://some-bucket/it's $HOME/"]);
    expect(wordsOf('boto3')[2]).toContain(`Bucket="some-bucket", Prefix="it's $HOME/"`);
    expect(run(`${clientLines('restic', narrow)}\nshow "$RESTIC_REPOSITORY"`).at(-1)).toBe(
      "s3:https://s3.example.com/some-bucket/it's $HOME/restic",
    );
  });

  it('leave out a prefix that looks like another', () => {
    const lines = clientLines('b2', { ...given, bucket: 'some-bucket', namePrefix: 'a\u202eb/' });
    expect(lines).not.toContain('\u202e');
    expect(lines).toContain('b2 ls b2://some-bucket/');
    expect(lines).toMatch(/^# Put the prefix/);
  });

  it('have the region that the server tells, otherwise the one that the address names', () => {
    const own = { ...given, s3Region: 'eu-central-7' };
    for (const program of s3Programs) {
      expect(run(`${clientLines(program, own)}\nshow "$AWS_DEFAULT_REGION"`).at(-1)).toBe('eu-central-7');
    }
    expect(clientLines('rcloneS3', own)).toContain('--s3-region eu-central-7');
    expect(clientLines('aws', given)).toContain('AWS_DEFAULT_REGION=us-east-1');
    const s3ApiUrl = 'https://s3.us-west-004.backblazeb2.com';
    expect(clientLines('aws', { ...given, s3ApiUrl })).toContain('AWS_DEFAULT_REGION=us-west-004');
  });
});
