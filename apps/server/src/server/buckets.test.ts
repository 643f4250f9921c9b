import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { CliServer } from '../test-support/cli-server.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { temporaryDirectory } = testPlaces(onTestFinished);
vi.setConfig({ testTimeout: 180_000 });

/** Names and default encryption of the buckets of a server that is started so and stopped. */
async function bucketsOf(data: string, args: readonly string[], environment = {}) {
  const server = await new CliServer(['--data', data, ...args], environment).ready();
  onTestFinished(() => server.end('SIGKILL').then(() => undefined));
  const session = await server.session();
  const { buckets } = await session.api('b2_list_buckets', { accountId: session.accountId });
  expect(await server.end('SIGTERM')).toBe(0);
  const encryptionOf = (bucket: Record<string, unknown>) =>
    (bucket['defaultServerSideEncryption'] as { value: { mode: string | null } }).value.mode;
  const found = (buckets as Record<string, unknown>[]).map((bucket) => [
    bucket['bucketName'],
    bucket['bucketType'],
    encryptionOf(bucket),
  ]);
  return { found, log: server.log, stdout: server.stdout };
}

it('are there from the first start, with the credentials that the environment gives; later starts leave them as they are', async () => {
  const data = join(await temporaryDirectory(), 'data');
  const credentials = { COFFER_MASTER_KEY: 'K001oD0a2AhxSZNCdHkPQh4W4AYpfRU', COFFER_MASTER_KEY_ID: 'abcdef012345' };
  const args = ['--bucket', 'photos-1:SSE-B2', '--bucket', 'plain-files'];
  const made = [
    ['photos-1', 'allPrivate', 'SSE-B2'],
    ['plain-files', 'allPrivate', null],
  ];
  const first = await bucketsOf(data, args, credentials);
  expect(first.found).toEqual(made);
  expect(first.stdout).toContain('Key id      abcdef012345');
  expect(first.stdout).toContain('b2 file upload photos-1 hello.txt hello.txt');

  const again = await bucketsOf(data, args, credentials);
  expect(again.found).toEqual(made);
  expect(again.log.filter(({ level }) => level !== 'info')).toEqual([]);
  expect(again.stdout).not.toMatch(/bucket create|file upload/);

  const other = await bucketsOf(data, ['--workers', '2'], {
    ...credentials,
    COFFER_BUCKET: 'plain-files:SSE-B2, third-one',
  });
  expect(other.found).toEqual([...made, ['third-one', 'allPrivate', null]]);
  expect(other.log.filter(({ level }) => level === 'warn')).toMatchObject([
    { bucket: 'plain-files', msg: 'the bucket has another default encryption than --bucket names, and keeps it' },
  ]);
});

it.each(['short', 'b2-reserved', 'photos-1:SSE-C', 'photos-1:SSE-B2:x', 'photos-1:'])(
  'named %s are refused before anything is made',
  async (bucket) => {
    const root = await temporaryDirectory();
    expect(() => testConfig(root, { bucket: [bucket] })).toThrow(/"bucket" must be names of buckets/);
  },
);
