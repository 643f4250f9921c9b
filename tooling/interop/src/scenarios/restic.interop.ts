import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectSameTree } from '../harness/tree.ts';
import { withRealName } from '../harness/with-real-name.ts';

describe('restic', () => {
  const world = withRealName();
  const restic = async (...args: readonly string[]): Promise<string> => {
    const { keyId, key } = world().server.credentials;
    return world().ok(['restic', '--no-cache', ...args], {
      B2_ACCOUNT_ID: keyId,
      B2_ACCOUNT_KEY: key,
      RESTIC_REPOSITORY: `b2:${world().bucket}:backups`,
      RESTIC_PASSWORD: 'of no importance',
    });
  };

  test('init, backup, check, restore, forget and prune', async () => {
    const source = join(world().folder, 'source');
    world().secretFile(source, 'one', 3000);
    world().secretFile(join(source, 'dir'), 'large', 12_000_000);
    await restic('init');
    await restic('backup', source);
    rmSync(join(source, 'one'));
    world().secretFile(source, 'two', 1_000_000);
    await restic('backup', source);
    await restic('check', '--read-data');
    const target = join(world().folder, 'restored');
    await restic('restore', 'latest', '--target', target);
    expectSameTree(join(target, source), source);
    await restic('forget', '--keep-last', '1', '--prune');
    expect(JSON.parse(await restic('snapshots', '--json'))).toHaveLength(1);
    await restic('check', '--read-data');
  });

  test('the version under test is named', async () => {
    const version = (await restic('version')).trim();
    console.log(`  restic is ${version}`);
    expect(version).toMatch(/^restic 0\./);
  });
});
