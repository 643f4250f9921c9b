import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clientEnvironment } from '../harness/client-environment.ts';
import { expectSuccess, runCommand } from '../harness/command.ts';
import { serverEntry } from '../harness/paths.ts';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { upload } from '../harness/stored-files.ts';

const day = 86_400_000;
const rules = [
  { fileNamePrefix: 'logs/', daysFromUploadingToHiding: 7, daysFromHidingToDeleting: 2 },
  { fileNamePrefix: 'versions/', daysFromUploadingToHiding: null, daysFromHidingToDeleting: 2 },
];

/**
 * Files of earlier days have upload timestamps of their own; the rules are applied with the command that an operator
 * has.
 */
const declare = (world: () => World): void => {
  const run = async (...options: readonly string[]): Promise<readonly string[]> => {
    const { server, folder } = world();
    const args = ['lifecycle', 'run', '--data', server.dataFolder, '--keys', join(server.folder, 'keys'), ...options];
    const result = await runCommand(process.execPath, [serverEntry, ...args], {
      env: clientEnvironment({ home: folder }),
    });
    return expectSuccess(result).stdout.toString().split('\n').filter(Boolean);
  };
  const versions = async (bucket: string): Promise<readonly string[]> => {
    const listed = (await world().b2.json(['ls', '--json', '-r', '--versions', `b2://${bucket}`])) as {
      action: string;
      fileName: string;
      size: number;
    }[];
    return listed.map(({ action, fileName, size }) => `${action} ${fileName} ${size}`);
  };

  test('a dry run lists, a run hides and deletes what the rules say, and locked versions stay', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket('--file-lock-enabled', '--lifecycle-rules', JSON.stringify(rules));
    const put = async (name: string, size: number, age: number, ...options: readonly string[]): Promise<void> => {
      const timestamp = ['--custom-upload-timestamp', String(Date.now() - age * day)];
      await upload(world(), bucket, world().secretFile('f', size), name, modes.sseB2, ...timestamp, ...options);
    };
    await put('logs/old', 1000, 8);
    await put('logs/new', 1000, 6);
    await put('other/old', 1000, 99);
    const retention = ['--file-retention-mode', 'governance', '--retain-until', String(Date.now() + day)];
    await put('versions/locked', 1000, 9, ...retention);
    await put('versions/locked', 2000, 8);
    await put('versions/v', 1000, 9);
    await put('versions/v', 2000, 8);
    // What it replaces has been hidden for a day only.
    await put('versions/v', 3000, 1);
    await put('versions/v', 4000, 0);
    const before = await versions(bucket);
    const actions = [
      expect.stringMatching(/hide .*logs\/old/) as string,
      expect.stringMatching(/delete-version .*versions\/v/) as string,
    ];
    const dry = await run('--dry-run');
    expect(dry).toEqual(expect.arrayContaining(actions));
    expect(dry.filter((line) => line.startsWith('planned'))).toHaveLength(2);
    expect(await versions(bucket)).toEqual(before);
    const done = await run();
    expect(done).toEqual(expect.arrayContaining(actions));
    expect(await versions(bucket)).toEqual([
      ...['upload logs/new 1000', 'hide logs/old 0', 'upload logs/old 1000', 'upload other/old 1000'],
      ...['upload versions/locked 2000', 'upload versions/locked 1000'],
      ...['upload versions/v 4000', 'upload versions/v 3000', 'upload versions/v 2000'],
    ]);
    expect(await b2.ok(['ls', '-r', `b2://${bucket}/logs`])).toBe('logs/new');
    expect(await run('--dry-run')).toEqual([]);
  });
};

scenarios('lifecycle rules', declare, ['--custom-timestamps', '--lifecycle-interval', '0'], httpOnly);
