import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readingWith, writingWith } from '../harness/encryption.ts';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { sdkEncryption, type SdkSync } from '../harness/sdk.ts';
import { download, expectSameBytes, sdkResults } from '../harness/stored-files.ts';
import { makeTestFile, type TestFile } from '../harness/test-file.ts';
import { expectSameTree } from '../harness/tree.ts';

const hour = 3600;

const declare = (world: () => World): void => {
  /** A directory with these files, an hour old, so that changes of the scenario are newer. */
  const tree = (name: string, paths: readonly string[], secret = true): { root: string; files: TestFile[] } => {
    const root = join(world().folder, name);
    const files = paths.map((path) => {
      mkdirSync(join(root, path, '..'), { recursive: true });
      const file = makeTestFile(root, path, 5000);
      if (secret) world().leaks.plaintext(file);
      setAge(file.path, hour);
      return file;
    });
    return { root, files };
  };
  const sync = async (...args: readonly string[]): Promise<readonly string[]> =>
    actions(await world().b2.ok(['sync', '--no-progress', ...args]));
  const versions = async (uri: string): Promise<readonly string[]> => {
    const listed = (await world().b2.json(['ls', '--json', '-r', '--versions', uri])) as Listed[];
    return listed.map(({ action, fileName }) => `${action} ${fileName}`);
  };

  test('up: excluded and included names, a dry run, comparison by size, and what is newer', async () => {
    const bucket = `b2://${await world().bucket('--default-server-side-encryption', 'SSE-B2')}`;
    const { root } = tree('up', ['keep.txt', 'skip.tmp', 'skip.but.tmp', 'cache/x', 'dir/y']);
    const filters = ['--exclude-regex', '.*\\.tmp', '--include-regex', '.*but.*', '--exclude-dir-regex', 'cache'];
    expect(await sync('--dry-run', ...filters, root, bucket)).toHaveLength(3);
    expect(await versions(bucket)).toEqual([]);
    expect(await sync(...filters, root, bucket)).toEqual(
      expect.arrayContaining(['upload keep.txt', 'upload skip.but.tmp', 'upload dir/y']),
    );
    expect(await versions(bucket)).toEqual(['upload dir/y', 'upload keep.txt', 'upload skip.but.tmp']);
    setAge(join(root, 'keep.txt'), 0);
    expect(await sync('--compare-versions', 'size', ...filters, root, bucket)).toEqual([]);
    expect(await sync('--compare-versions', 'none', ...filters, root, bucket)).toEqual([]);
    expect(await sync('--compare-threshold', '7200000', ...filters, root, bucket)).toEqual([]);
    setAge(join(root, 'keep.txt'), 2 * hour);
    expect(await world().b2.refused(['sync', '--no-progress', ...filters, root, bucket])).toMatch(/keep\.txt/);
    expect(await sync('--skip-newer', ...filters, root, bucket)).toEqual([]);
    expect(await sync('--replace-newer', ...filters, root, bucket)).toEqual(['upload keep.txt']);
  });

  test('up: what the source lost is deleted, or hidden first and deleted days later', async () => {
    const name = await world().bucket('--default-server-side-encryption', 'SSE-B2');
    const bucket = `b2://${name}`;
    const { root } = tree('up', ['a', 'b', 'c']);
    await sync(root, bucket);
    rmSync(join(root, 'a'));
    expect(await sync(root, bucket)).toEqual([]);
    expect(await sync('--keep-days', '1', root, bucket)).toEqual(['hide   a']);
    expect(await versions(bucket)).toEqual(['hide a', 'upload a', 'upload b', 'upload c']);
    expect(await sync('--keep-days', '1', root, bucket)).toEqual([]);
    const twoDaysLater: SdkSync = {
      ...{ call: 'sync', source: root, destination: bucket, removed: 'keepDays', compare: 'MODTIME', exclude: [] },
      ...{ laterDays: 2, encryption: sdkEncryption(world().modes.none) },
    };
    const [said = ''] = await sdkResults(world(), name, [twoDaysLater]);
    expect([...actions(said)].sort()).toEqual(['delete a (hide marker)', 'delete a (old version)']);
    rmSync(join(root, 'b'));
    expect(await sync('--delete', root, bucket)).toEqual(['delete b']);
    expect(await versions(bucket)).toEqual(['upload c']);
    rmSync(join(root, 'c'));
    expect(await world().b2.refused(['sync', '--no-progress', '--delete', root, bucket])).toMatch(/empty/i);
    expect(await sync('--allow-empty-source', '--delete', root, bucket)).toEqual(['delete c']);
  });

  test('down: deletes what the bucket does not have, and takes what is newer', async () => {
    const { b2, modes, folder } = world();
    const bucket = `b2://${await world().bucket()}/from`;
    const { root } = tree('up', ['a', 'dir/b', 'dir/c']);
    await b2.ok(['sync', '--no-progress', root, bucket], writingWith(modes.sseC1));
    const down = join(folder, 'down');
    mkdirSync(down);
    writeFileSync(join(down, 'extra'), 'x');
    await b2.ok(['sync', '--no-progress', '--delete', '--threads', '3', bucket, down], readingWith(modes.sseC1));
    expectSameTree(down, root);
    const newer = makeTestFile(root, 'a', 6000);
    world().leaks.plaintext(newer);
    await b2.ok(['sync', '--no-progress', root, bucket], writingWith(modes.sseC1));
    await b2.ok(['sync', '--no-progress', bucket, down], readingWith(modes.sseC1));
    expectSameTree(down, root);
  });

  test('bucket to bucket: copies between customer keys, follows changes, deletes', async () => {
    const { b2, modes } = world();
    const [from, to] = [await world().bucket(), await world().bucket()];
    const { root, files } = tree('up', ['a', 'dir/b']);
    await b2.ok(['sync', '--no-progress', root, `b2://${from}/x`], writingWith(modes.sseC1));
    const copy = async (...options: readonly string[]): Promise<readonly string[]> => {
      const args = ['sync', '--no-progress', ...options, `b2://${from}/x`, `b2://${to}/y`];
      return actions(await b2.ok(args, readingWith(modes.sseC1), writingWith(modes.sseC2)));
    };
    expect([...(await copy())].sort()).toEqual(['copy a', 'copy dir/b']);
    for (const [at, path] of ['a', 'dir/b'].entries()) {
      expectSameBytes(
        await download(world(), `b2://${to}/y/${path}`, modes.sseC2),
        files[at]?.content ?? Buffer.alloc(0),
      );
    }
    expect(await copy()).toEqual([]);
    await b2.ok(['rm', '--no-progress', `b2://${from}/x/a`]);
    expect(await copy('--delete')).toEqual(['delete a']);
    expect(await versions(`b2://${to}`)).toEqual(['upload y/dir/b']);
  });

  test.each(['sseB2', 'sseC1'] as const)('the synchroniser of b2sdk goes up, on, and down, %s', async (mode) => {
    const { modes, folder } = world();
    const bucket = await world().bucket();
    const { root } = tree('up', ['a', 'dir/b', 'dir/large', 'no.tmp']);
    const large = makeTestFile(root, 'dir/large', 9_000_000);
    world().leaks.plaintext(large);
    const up: SdkSync = {
      ...{ call: 'sync', source: root, destination: `b2://${bucket}/tree`, removed: 'delete', compare: 'MODTIME' },
      ...{ exclude: ['.*\\.tmp'], laterDays: 0, encryption: sdkEncryption(modes[mode]) },
    };
    const down: SdkSync = { ...up, source: up.destination, destination: join(folder, 'down'), exclude: [] };
    const said = await sdkResults(world(), bucket, [up, up, down]);
    expect(said.map(actions).map((all) => [...all].sort())).toEqual([
      ['upload a', 'upload dir/b', 'upload dir/large'],
      [],
      ['dnload a', 'dnload dir/b', 'dnload dir/large'],
    ]);
    rmSync(join(root, 'no.tmp'));
    expectSameTree(down.destination, root);
    rmSync(join(root, 'a'));
    writeFileSync(join(root, 'dir/b'), readFileSync(join(root, 'dir/large')).subarray(0, 7000));
    const [changed = ''] = await sdkResults(world(), bucket, [{ ...up, compare: 'SIZE' }]);
    expect([...actions(changed)].sort()).toEqual(['delete a', 'delete dir/b (old version)', 'upload dir/b']);
    expect(await versions(`b2://${bucket}`)).toEqual(['upload tree/dir/b', 'upload tree/dir/large']);
  });
};

interface Listed {
  readonly action: string;
  readonly fileName: string;
}

/** @param age Seconds since it was changed. */
function setAge(path: string, age: number): void {
  const time = new Date(Date.now() - age * 1000);
  utimesSync(path, time, time);
}

/** The lines that name an action. */
function actions(output: string): readonly string[] {
  return output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => /^(upload|dnload|delete|hide|copy) /.test(line));
}

scenarios('sync with options', declare, [], httpOnly);
