import { expect, test } from 'vitest';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { sdkEncryption } from '../harness/sdk.ts';
import { sdkResults } from '../harness/stored-files.ts';

const names = ['a/one.csv', 'a/two.tsv', 'a/three.txt', 'b0/info.txt', 'b1/deep/info.txt', 'top.csv'];

const declare = (world: () => World): void => {
  /** A bucket with a file of each name, the first one in two versions. */
  const filled = async (): Promise<string> => {
    const bucket = await world().bucket();
    const { path } = world().file('tiny', 100);
    const encryption = sdkEncryption(world().modes.sseB2);
    const calls = ['a/one.csv', ...names].map((name) => ({ call: 'upload' as const, path, name, encryption }));
    await sdkResults(world(), bucket, calls);
    return bucket;
  };
  const lines = async (...args: readonly string[]): Promise<readonly string[]> => {
    const output = await world().b2.ok(args);
    return output === '' ? [] : output.split('\n');
  };

  test('ls: wildcards, filters, versions, long and replication columns', async () => {
    const bucket = await filled();
    const at = (path: string): string => `b2://${bucket}/${path}`;
    const list = (...args: readonly string[]): Promise<readonly string[]> => lines('ls', ...args);
    expect(await list(at(''))).toEqual(['a/', 'b0/', 'b1/', 'top.csv']);
    const wild = ['--recursive', '--with-wildcard'];
    expect(await list(...wild, at('*.[ct]sv'))).toEqual(['a/one.csv', 'a/two.tsv', 'top.csv']);
    expect(await list(...wild, at('b?/info.txt'))).toEqual(['b0/info.txt']);
    expect(await list(...wild, at('b[0-9]/*.txt'))).toEqual(['b0/info.txt', 'b1/deep/info.txt']);
    const filters = ['--exclude', '*', '--include', '*.csv', '--exclude', 'top*'];
    expect(await list('--recursive', ...filters, at(''))).toEqual(['a/one.csv']);
    expect(await list('--recursive', '--versions', at('a/'))).toEqual([
      ...['a/one.csv', 'a/one.csv', 'a/three.txt', 'a/two.tsv'],
    ]);
    const [folder = '', file = ''] = await list('--long', at('')).then((rows) => [rows[0], rows.at(-1)]);
    expect(folder).toMatch(/^ *- +- +- +- +0 +a\/$/);
    expect(file).toMatch(/^ *\S+ +upload +\d{4}-\d\d-\d\d +\d\d:\d\d:\d\d +100 +top\.csv$/);
    expect(await list('--long', '--replication', at('top.csv'))).toEqual([expect.stringMatching(/ 100 +- +top\.csv$/)]);
    expect(await list()).toContainEqual(expect.stringContaining(bucket));
  });

  test('ls: an empty bucket, an empty folder, and a bucket that is not there', async () => {
    const { b2 } = world();
    const bucket = await world().bucket();
    expect(await b2.ok(['ls', '-r', `b2://${bucket}`])).toBe('');
    expect(await b2.json(['ls', '--json', '-r', `b2://${bucket}/none/`])).toEqual([]);
    expect(await b2.refused(['ls', `b2://${bucket}-absent`])).toContain('No such bucket');
  });

  test('rm: only lists in a dry run, then removes what matches, then all versions', async () => {
    const { b2 } = world();
    const bucket = await filled();
    const all = ['ls', '-r', '--versions', `b2://${bucket}`];
    const before = await lines(...all);
    const wild = ['--recursive', '--with-wildcard', '--no-progress', `b2://${bucket}/*.csv`];
    expect(await lines('rm', '--dry-run', ...wild)).toEqual(['a/one.csv', 'top.csv']);
    expect(await lines(...all)).toEqual(before);
    await b2.ok(['rm', ...wild]);
    // The older version shows again: only the newest ones were removed.
    expect(await lines('ls', '-r', `b2://${bucket}`)).toEqual([
      ...['a/one.csv', 'a/three.txt', 'a/two.tsv', 'b0/info.txt', 'b1/deep/info.txt'],
    ]);
    await b2.ok(['rm', '--recursive', '--no-progress', '--exclude', '*', '--include', '*.txt', `b2://${bucket}`]);
    expect(await lines(...all)).toEqual(['a/one.csv', 'a/two.tsv']);
    await b2.ok(['rm', '--recursive', '--versions', '--threads', '4', '--no-progress', `b2://${bucket}`]);
    expect(await lines(...all)).toEqual([]);
  });

  test('rm: a folder without --recursive is refused', async () => {
    const { b2 } = world();
    const bucket = await filled();
    expect(await b2.refused(['rm', '--no-progress', '--with-wildcard', `b2://${bucket}/*`])).toContain('ERROR');
    expect(await lines('ls', '-r', `b2://${bucket}`)).toHaveLength(names.length);
  });
};

scenarios('ls and rm', declare, [], httpOnly);
