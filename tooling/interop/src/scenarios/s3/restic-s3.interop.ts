import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clientEnvironment } from '../../harness/client-environment.ts';
import { expectSuccess, runCommand } from '../../harness/command.ts';
import { region, s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { makeTestFile } from '../../harness/test-file.ts';
import { expectSameTree } from '../../harness/tree.ts';

s3Scenarios('restic over S3', (world) => {
  const restic = async (bucket: string, ...args: readonly string[]): Promise<string> => {
    const { endpoint, credentials, folder } = world();
    const variables = {
      AWS_ACCESS_KEY_ID: credentials.keyId,
      AWS_SECRET_ACCESS_KEY: credentials.key,
      AWS_DEFAULT_REGION: region,
      RESTIC_REPOSITORY: `s3:${endpoint.url}/${bucket}/backups`,
      RESTIC_PASSWORD: 'of no importance',
    };
    const trust = endpoint.caFile === undefined ? [] : ['--cacert', endpoint.caFile];
    const env = clientEnvironment({ home: folder, variables });
    return expectSuccess(await runCommand('restic', ['--no-cache', ...trust, ...args], { env })).stdout.toString();
  };
  const secret = (folder: string, name: string, size: number): void => {
    mkdirSync(folder, { recursive: true });
    world().leaks.plaintext(makeTestFile(folder, name, size));
  };

  describe.each(['none', 'SSE-B2'])('with the default %s', (mode) => {
    test('init, backup, check, restore, forget and prune', async () => {
      const bucket = await world().bucket({ defaultServerSideEncryption: encryptionSetting(mode) });
      const source = join(world().folder, 'source');
      secret(source, 'one', 3000);
      secret(join(source, 'dir'), 'large', 6_000_000);
      await restic(bucket, 'init');
      await restic(bucket, 'backup', source);
      rmSync(join(source, 'one'));
      secret(source, 'two', 1_000_000);
      await restic(bucket, 'backup', source);
      await restic(bucket, 'check', '--read-data');
      const target = join(world().folder, 'restored');
      await restic(bucket, 'restore', 'latest', '--target', target);
      expectSameTree(join(target, source), source);
      await restic(bucket, 'forget', '--keep-last', '1', '--prune');
      expect(JSON.parse(await restic(bucket, 'snapshots', '--json'))).toHaveLength(1);
      await restic(bucket, 'check', '--read-data');
    });
  });

  test('the version under test is named', async () => {
    const version = (await restic('none', 'version')).trim();
    console.log(`  restic is ${version}`);
    expect(version).toMatch(/^restic 0\./);
  });
});

function encryptionSetting(mode: string): object {
  return mode === 'none' ? { mode } : { mode, algorithm: 'AES256' };
}
