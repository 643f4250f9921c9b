import { mkdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readingWith, writingWith, type Encryptions } from '../harness/encryption.ts';
import { scenarios, type World } from '../harness/scenario.ts';
import { makeTestFile, type TestFile } from '../harness/test-file.ts';
import { expectSameTree } from '../harness/tree.ts';

const paths = ['one.txt', 'empty', 'dir/two.bin', 'dir/deeper/thr ee ü.txt', 'dir/big.bin'];
const sizes = [3000, 0, 16_385, 40_000, 6_000_000];

describe.each(['none', 'sseB2', 'sseC1'] as const satisfies (keyof Encryptions)[])('with %s:', (mode) => {
  scenarios('sync of a directory tree', (world) => {
    const sync = async (...args: readonly string[]): Promise<string> => {
      const { b2, modes } = world();
      return b2.ok(['sync', '--no-progress', ...args], ...sides(args, modes[mode]));
    };

    test('goes up, does nothing when nothing changed, takes changes, comes down whole', async () => {
      const { folder } = world();
      const bucket = `b2://${await world().bucket()}/tree`;
      const tree = makeTree(world(), join(folder, 'tree'), mode !== 'none');
      expect(actions(await sync(join(folder, 'tree'), bucket))).toHaveLength(tree.length);
      expect(actions(await sync(join(folder, 'tree'), bucket))).toEqual([]);
      makeNewer(makeTestFile(join(folder, 'tree'), 'one.txt', 3500).path);
      rmSync(join(folder, 'tree', 'dir/two.bin'));
      expect(actions(await sync('--delete', join(folder, 'tree'), bucket)).sort()).toEqual([
        expect.stringMatching(/^delete .*dir\/two\.bin \(old version\)|^delete .*dir\/two\.bin/),
        expect.stringMatching(/^delete .*one\.txt \(old version\)/),
        expect.stringMatching(/^upload .*one\.txt/),
      ]);
      mkdirSync(join(folder, 'down'));
      await sync(bucket, join(folder, 'down'));
      expectSameTree(join(folder, 'down'), join(folder, 'tree'));
      expect(actions(await sync(bucket, join(folder, 'down')))).toEqual([]);
    });
  });
});

/** Which side of a sync is remote decides whether the key is for reading or for writing. */
function sides(
  args: readonly string[],
  encryption: Encryptions[keyof Encryptions],
): Parameters<World['b2']['ok']>[1][] {
  return args.at(-1)?.startsWith('b2://') === true ? [writingWith(encryption)] : [readingWith(encryption)];
}

function makeTree(world: World, root: string, secret: boolean): readonly TestFile[] {
  mkdirSync(join(root, 'dir/deeper'), { recursive: true });
  return paths.map((path, at) => {
    const file = makeTestFile(root, path, sizes[at] ?? 0);
    if (secret) world.leaks.plaintext(file);
    return file;
  });
}

/** Sync compares modification times, which a test must not wait for. */
function makeNewer(path: string): void {
  const later = new Date(Date.now() + 5000);
  utimesSync(path, later, later);
}

/** The lines that name an action: `upload one.txt`, `dnload …`, `delete …`. */
function actions(output: string): string[] {
  return output.split('\n').filter((line) => /^(upload|dnload|delete|hide|copy)/.test(line));
}
