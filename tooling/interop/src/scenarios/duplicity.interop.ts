import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectSameTree } from '../harness/tree.ts';
import { withRealName } from '../harness/with-real-name.ts';

describe('duplicity', () => {
  const world = withRealName();
  const duplicity = async (...args: readonly string[]): Promise<string> =>
    world().ok(['/usr/bin/duplicity', '--no-encryption', ...args], {});
  const remote = (): string => {
    const { keyId, key } = world().server.credentials;
    return `b2://${keyId}:${encodeURIComponent(key)}@${world().bucket}/backups`;
  };

  test('full and incremental backup, verify, restore, remove', async () => {
    const source = join(world().folder, 'source');
    world().secretFile(source, 'one', 3000);
    world().secretFile(join(source, 'dir'), 'large', 12_000_000);
    await duplicity('full', '--volsize', '5', source, remote());
    rmSync(join(source, 'one'));
    world().secretFile(source, 'two', 1_000_000);
    await duplicity('incremental', source, remote());
    await duplicity('verify', '--compare-data', remote(), source);
    const target = join(world().folder, 'restored');
    await duplicity('restore', remote(), target);
    expectSameTree(target, source);
    await duplicity('full', source, remote());
    await duplicity('remove-all-but-n-full', '1', '--force', remote());
    const status = await duplicity('collection-status', remote());
    expect(status.match(/^\s+(Full|Incremental)\s/gm)).toHaveLength(1);
  });

  test('the version under test is named', async () => {
    const version = (await duplicity('--version')).trim();
    console.log(`  duplicity is ${version}`);
    expect(version).toMatch(/^duplicity \d/);
  });
});
