import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withAwsCli } from '../../harness/s3/aws-cli.ts';
import { apiReading, apiWriting } from '../../harness/s3/aws-encryption.ts';
import { s3Scenarios } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';

/** A date, as all that S3 shows of one writes it. */
function inDays(days: number): string {
  return `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19)}.000Z`;
}

s3Scenarios('aws s3api, versions and locks', (world) => {
  const aws = withAwsCli(world);

  const put = async (at: readonly string[], path: string, ...options: readonly string[]): Promise<string> => {
    const { VersionId: id } = await aws.json('s3api', 'put-object', ...at, '--body', path, ...options);
    return String(id);
  };

  test('versions, delete markers and undeleting', async () => {
    const { sseC1 } = world().modes;
    const bucket = await world().bucket();
    const at = ['--bucket', bucket, '--key', 'file'];
    const [one, two] = [world().secretFile('one', 3000), world().secretFile('two', 4000)];
    const first = await put(at, one.path, ...apiWriting(world(), sseC1));
    const second = await put(at, two.path, '--server-side-encryption', 'AES256');
    const marker = await aws.json('s3api', 'delete-object', ...at);
    expect(marker).toMatchObject({ DeleteMarker: true });
    expect(await aws.refused('s3api', 'get-object', ...at, 'target')).toContain('(NoSuchKey)');
    expect(await aws.json('s3api', 'list-object-versions', '--bucket', bucket, '--page-size', '1')).toMatchObject({
      DeleteMarkers: [{ Key: 'file', VersionId: marker['VersionId'], IsLatest: true }],
      Versions: [
        { VersionId: second, IsLatest: false, Size: 4000 },
        { VersionId: first, IsLatest: false, Size: 3000 },
      ],
    });
    const target = join(world().folder, 'target');
    await aws.ok('s3api', 'get-object', ...at, '--version-id', first, ...apiReading(world(), sseC1), target);
    expectSameBytes(readFileSync(target), one.content);
    await aws.ok('s3api', 'delete-object', ...at, '--version-id', String(marker['VersionId']));
    await aws.ok('s3api', 'get-object', ...at, target);
    expectSameBytes(readFileSync(target), two.content);
    await aws.ok('s3api', 'delete-object', ...at, '--version-id', second);
    expect(await aws.json('s3api', 'head-object', ...at, ...apiReading(world(), sseC1))).toMatchObject({
      VersionId: first,
    });
  });

  test('object lock: default retention, retention, bypass and legal hold', async () => {
    const bucket = world().bucketName();
    const of = ['--bucket', bucket];
    await aws.ok('s3api', 'create-bucket', ...of, '--object-lock-enabled-for-bucket');
    const lock = ['s3api', 'get-object-lock-configuration', ...of];
    expect(await aws.json(...lock)).toEqual({ ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } });
    const Rule = { DefaultRetention: { Mode: 'GOVERNANCE', Days: 2 } };
    const configuration = JSON.stringify({ ObjectLockEnabled: 'Enabled', Rule });
    await aws.ok('s3api', 'put-object-lock-configuration', ...of, '--object-lock-configuration', configuration);
    expect(await aws.json(...lock)).toMatchObject({ ObjectLockConfiguration: { Rule } });
    const at = [...of, '--key', 'file'];
    const body = world().secretFile('f', 3000).path;
    const id = ['--version-id', await put(at, body, ...apiWriting(world(), world().modes.sseC1))];
    expect(await aws.json('s3api', 'get-object-retention', ...at, ...id)).toMatchObject({
      Retention: { Mode: 'GOVERNANCE' },
    });
    const remove = ['s3api', 'delete-object', ...at, ...id];
    expect(await aws.refused(...remove)).toContain('(AccessDenied)');
    const later = { Mode: 'GOVERNANCE', RetainUntilDate: inDays(100) };
    await aws.ok('s3api', 'put-object-retention', ...at, ...id, '--retention', JSON.stringify(later));
    expect(await aws.json('s3api', 'get-object-retention', ...at, ...id)).toMatchObject({
      Retention: { RetainUntilDate: later.RetainUntilDate },
    });
    await aws.ok('s3api', 'put-object-legal-hold', ...at, ...id, '--legal-hold', 'Status=ON');
    expect(await aws.json('s3api', 'get-object-legal-hold', ...at, ...id)).toEqual({ LegalHold: { Status: 'ON' } });
    expect(await aws.refused(...remove, '--bypass-governance-retention')).toContain('(AccessDenied)');
    await aws.ok('s3api', 'put-object-legal-hold', ...at, ...id, '--legal-hold', 'Status=OFF');
    await aws.ok(...remove, '--bypass-governance-retention');
    expect(await aws.json('s3api', 'list-object-versions', ...of)).not.toHaveProperty('Versions');
  });

  test('object lock with the upload, for compliance', async () => {
    const bucket = world().bucketName();
    await aws.ok('s3api', 'create-bucket', '--bucket', bucket, '--object-lock-enabled-for-bucket');
    const at = ['--bucket', bucket, '--key', 'file'];
    const until = inDays(100);
    const locked = ['--object-lock-mode', 'COMPLIANCE', '--object-lock-retain-until-date', until];
    const body = world().file('f', 3000).path;
    const id = await put(at, body, ...locked, '--object-lock-legal-hold-status', 'ON');
    expect(await aws.json('s3api', 'head-object', ...at)).toMatchObject({
      ObjectLockMode: 'COMPLIANCE',
      ObjectLockRetainUntilDate: until,
      ObjectLockLegalHoldStatus: 'ON',
    });
    const remove = ['s3api', 'delete-object', ...at, '--version-id', id];
    expect(await aws.refused(...remove, '--bypass-governance-retention')).toContain('(AccessDenied)');
    const shorter = JSON.stringify({ Mode: 'COMPLIANCE', RetainUntilDate: inDays(50) });
    expect(
      await aws.refused('s3api', 'put-object-retention', ...at, '--version-id', id, '--retention', shorter),
    ).toContain('(AccessDenied)');
    await aws.ok('s3api', 'delete-object', ...at);
    expect(await aws.refused('s3api', 'head-object', ...at)).toContain('(404)');
  });
});
