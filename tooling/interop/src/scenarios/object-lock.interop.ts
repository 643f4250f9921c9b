import { expect, test } from 'vitest';
import type { B2Cli } from '../harness/b2-cli.ts';
import { httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { expectStored, upload, type PrintedFile } from '../harness/stored-files.ts';

const day = 86_400_000;

interface LockedFile extends PrintedFile {
  readonly fileRetention: { readonly mode: string; readonly retainUntilTimestamp: number | null };
  readonly legalHold: string | null;
}

const declare = (world: () => World): void => {
  const info = async (fileId: string, b2 = world().b2): Promise<LockedFile> =>
    (await b2.json(['file', 'info', `b2id://${fileId}`])) as LockedFile;
  const remove = (...words: readonly string[]): readonly string[] => ['rm', '--no-progress', ...words];
  const update = (fileId: string, ...options: readonly string[]): readonly string[] => [
    ...['file', 'update', ...options, `b2id://${fileId}`],
  ];
  const retention = (mode: string, until: number): readonly string[] => [
    ...['--file-retention-mode', mode, '--retain-until', String(until)],
  ];
  /** A tool with a key of its own. */
  const withKey = async (name: string, capabilities: string): Promise<B2Cli> => {
    const [keyId = '', key = ''] = (await world().b2.ok(['key', 'create', name, capabilities])).split(/\s+/);
    world().leaks.applicationKey(key);
    const cli = world().anotherCli(name);
    await cli.authorize({ keyId, key });
    return cli;
  };

  test('governance: shown, refuses deletion, is prolonged freely, shortened and deleted with bypass only', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket('--file-lock-enabled');
    const file = world().secretFile('file', 20_000);
    const until = Date.now() + day;
    const { fileId } = await upload(world(), bucket, file, 'f', modes.sseC1, ...retention('governance', until));
    expect(await info(fileId)).toMatchObject({
      fileRetention: { mode: 'governance', retainUntilTimestamp: until },
      legalHold: null,
    });
    expect(await b2.refused(remove(`b2id://${fileId}`))).toContain('Access Denied');
    await b2.ok(update(fileId, ...retention('governance', until + day)));
    expect(await b2.refused(update(fileId, ...retention('governance', until)))).toContain(
      'bypassGovernance=true parameter missing',
    );
    await b2.ok(update(fileId, '--bypass-governance', ...retention('governance', until)));
    const without = await withKey('no-bypass', 'listBuckets,listFiles,readFiles,deleteFiles,writeFileRetentions');
    expect(await without.refused(remove('--bypass-governance', `b2id://${fileId}`))).toMatch(/unauthorized/i);
    expect(await without.refused(update(fileId, '--bypass-governance', '--file-retention-mode', 'none'))).toContain(
      'not authorized to write retention',
    );
    await expectStored(world(), `b2id://${fileId}`, modes.sseC1, file);
    await b2.ok(remove('--bypass-governance', `b2id://${fileId}`));
    expect(await b2.refused(['file', 'info', `b2id://${fileId}`])).toContain('ERROR');
  });

  test('compliance: nobody deletes it, shortens it or turns it into governance', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket('--file-lock-enabled');
    const file = world().secretFile('file', 20_000);
    const until = Date.now() + day;
    const { fileId } = await upload(world(), bucket, file, 'f', modes.sseB2, ...retention('compliance', until));
    expect(await b2.refused(remove('--bypass-governance', `b2id://${fileId}`))).toContain('Access Denied');
    for (const options of [
      retention('compliance', until - 3_600_000),
      retention('governance', until + day),
      ['--file-retention-mode', 'none'],
    ]) {
      expect(await b2.refused(update(fileId, '--bypass-governance', ...options))).toContain("already in 'compliance'");
    }
    await b2.ok(update(fileId, ...retention('compliance', until + day)));
    expect(await info(fileId)).toMatchObject({
      fileRetention: { mode: 'compliance', retainUntilTimestamp: until + day },
    });
    // Newer versions and hide markers lie on top of a locked one.
    await b2.ok(['file', 'hide', `b2://${bucket}/f`]);
    expect(await b2.refused(remove('--versions', '-r', `b2://${bucket}`))).toContain('Access Denied');
    await expectStored(world(), `b2id://${fileId}`, modes.sseB2, file);
  });

  test('a legal hold refuses deletion until it is taken off', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket('--file-lock-enabled');
    const { fileId } = await upload(world(), bucket, world().file('f', 100), 'f', modes.none, '--legal-hold', 'on');
    expect(await info(fileId)).toMatchObject({ legalHold: 'on', fileRetention: { mode: null } });
    expect(await b2.refused(remove('--bypass-governance', `b2id://${fileId}`))).toContain('Access Denied');
    const without = await withKey('no-hold', 'listBuckets,listFiles,readFiles,deleteFiles');
    expect(await without.refused(update(fileId, '--legal-hold', 'off'))).toMatch(/not authorized/i);
    await b2.ok(['file', 'update', '--legal-hold', 'off', `b2://${bucket}/f`]);
    expect(await info(fileId)).toMatchObject({ legalHold: 'off' });
    await b2.ok(remove(`b2id://${fileId}`));
  });

  test('what a key may not read is shown as unknown', async () => {
    const bucket = await world().bucket('--file-lock-enabled');
    const until = Date.now() + day;
    const options = [...retention('governance', until), '--legal-hold', 'on'];
    const { fileId } = await upload(world(), bucket, world().file('f', 100), 'f', world().modes.none, ...options);
    const [blind, seeing] = [
      await withKey('blind', 'listBuckets,listFiles,readFiles'),
      await withKey('seeing', 'listBuckets,listFiles,readFiles,readFileRetentions,readFileLegalHolds'),
    ];
    const shown = { fileRetention: { mode: 'governance', retainUntilTimestamp: until }, legalHold: 'on' };
    const unknown = { fileRetention: { mode: 'unknown', retainUntilTimestamp: null }, legalHold: 'unknown' };
    for (const uri of [`b2id://${fileId}`, `b2://${bucket}/f`]) {
      expect(await seeing.json(['file', 'info', uri]), uri).toMatchObject(shown);
      expect(await blind.json(['file', 'info', uri]), uri).toMatchObject(unknown);
    }
    expect(await seeing.json(['ls', '--json', `b2://${bucket}`])).toMatchObject([shown]);
    expect(await blind.json(['ls', '--json', `b2://${bucket}`])).toMatchObject([unknown]);
  });

  test('a key without the capabilities is told so first, whether or not the bucket has file lock', async () => {
    const { modes } = world();
    const buckets = [await world().bucket(), await world().bucket('--file-lock-enabled')];
    const file = world().file('f', 100);
    const cli = await withKey('no-locks', 'listBuckets,writeBuckets,listFiles,readFiles,writeFiles');
    const until = retention('governance', Date.now() + day);
    const hold = ['--legal-hold', 'on'];
    const unauthorized = 'unauthorized for application key with capabilities';
    const period = ['--default-retention-mode', 'governance', '--default-retention-period', '1 days'];
    for (const bucket of buckets) {
      const { fileId } = await upload(world(), bucket, file, 'f', modes.none);
      for (const options of [until, hold]) {
        expect(await cli.refused(update(fileId, ...options))).toContain('Auth token not authorized to write retention');
      }
      const uploading = ['file', 'upload', '--no-progress', ...until, bucket, file.path, 'other'];
      expect(await cli.refused(uploading)).toContain(unauthorized);
      const copying = ['file', 'server-side-copy', ...hold, `b2id://${fileId}`, `b2://${bucket}/other`];
      expect(await cli.refused(copying)).toContain(unauthorized);
      expect(await cli.refused(['bucket', 'update', ...period, bucket])).toContain(unauthorized);
      expect(await world().b2.ok(['ls', '-r', '--versions', `b2://${bucket}`])).toBe('f');
    }
  });

  test('a default retention holds for uploads, large files and copies that ask for none', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket('--file-lock-enabled');
    await b2.ok([
      ...['bucket', 'update', '--default-retention-mode', 'governance', '--default-retention-period', '2 days'],
      bucket,
    ]);
    const small = await upload(world(), bucket, world().file('s', 100), 'small', modes.none);
    const large = await upload(world(), bucket, world().file('l', 9_000_000), 'large', modes.sseB2);
    const copy = (await b2.json([
      ...['file', 'server-side-copy', `b2id://${small.fileId}`, `b2://${bucket}/copy`],
    ])) as PrintedFile;
    for (const { fileId } of [small, large, copy]) {
      const { fileRetention } = await info(fileId);
      expect(fileRetention.mode).toBe('governance');
      const after = (fileRetention.retainUntilTimestamp ?? 0) - Date.now();
      expect(after).toBeGreaterThan(2 * day - 600_000);
      expect(after).toBeLessThanOrEqual(2 * day);
    }
  });

  test('a bucket without file lock, and a time that is over, are refused in the words that the tool knows', async () => {
    const { b2, modes } = world();
    const [open, locked] = [await world().bucket(), await world().bucket('--file-lock-enabled')];
    const file = world().file('f', 100);
    const uploading = (bucket: string, ...options: readonly string[]): readonly string[] => [
      ...['file', 'upload', '--no-progress', ...options, bucket, file.path, 'f'],
    ];
    const missing = 'The bucket is not file lock enabled (bucket_missing_file_lock)';
    expect(await b2.refused(uploading(open, ...retention('governance', Date.now() + day)))).toContain(missing);
    expect(await b2.refused(uploading(open, '--legal-hold', 'on'))).toContain(missing);
    const { fileId } = await upload(world(), open, file, 'f', modes.none);
    expect(await b2.refused(update(fileId, '--legal-hold', 'on'))).toContain(missing);
    expect(await b2.refused(uploading(locked, ...retention('governance', Date.now() - day)))).toContain(
      'The retainUntilTimestamp must be in future',
    );
    expect(await b2.ok(['ls', '-r', '--versions', `b2://${locked}`])).toBe('');
  });
};

scenarios('object lock', declare, [], httpOnly);
