import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readUrl } from '../../harness/curl.ts';
import type { Encryptions } from '../../harness/encryption.ts';
import { withAwsCli } from '../../harness/s3/aws-cli.ts';
import { copyingFrom, reading, writing } from '../../harness/s3/aws-encryption.ts';
import { s3Scenarios, type S3World } from '../../harness/s3/s3-scenario.ts';
import { expectSameBytes } from '../../harness/stored-files.ts';
import { makeTestFile } from '../../harness/test-file.ts';
import { expectSameTree } from '../../harness/tree.ts';

const modes = ['none', 'sseB2', 'sseC1'] as const satisfies (keyof Encryptions)[];

/** The last one has a part of the CLI's 8 MiB and a rest. */
const tree = { empty: 0, 'smäll & one': 3000, 'dir/large': 8_400_000 };

/** A directory with small and large files that can be found on the server only where they are stored in clear. */
function makeTree({ folder, leaks }: S3World, isSecret: boolean): string {
  const root = join(folder, 'tree');
  mkdirSync(join(root, 'dir'), { recursive: true });
  for (const [name, size] of Object.entries(tree)) {
    const file = makeTestFile(root, name, size);
    if (isSecret) leaks.plaintext(file);
  }
  return root;
}

s3Scenarios(
  'aws s3 cp of a directory',
  (world) => {
    const aws = withAwsCli(world);

    test.each(modes)('up and down with %s', async (mode) => {
      const bucket = `s3://${await world().bucket()}/up`;
      const root = makeTree(world(), mode !== 'none');
      const encryption = world().modes[mode];
      await aws.ok('s3', 'cp', '--recursive', '--quiet', ...writing(world(), encryption), root, bucket);
      const down = join(world().folder, 'down');
      await aws.ok('s3', 'cp', '--recursive', '--quiet', ...reading(world(), encryption), bucket, down);
      expectSameTree(down, root);
    });
  },
  { schemes: ['http'] },
);

s3Scenarios('aws s3', (world) => {
  const aws = withAwsCli(world);

  test.each(modes)('cp of a directory up with %s, then copies with all others, all down again', async (from) => {
    const bucket = `s3://${await world().bucket()}`;
    const root = makeTree(world(), from !== 'none');
    const { [from]: source, ...others } = world().modes;
    await aws.ok('s3', 'cp', '--recursive', '--quiet', ...writing(world(), source), root, `${bucket}/source`);
    const expectBelow = async (prefix: string, encryption: typeof source): Promise<void> => {
      const down = join(world().folder, `down-${prefix}`);
      await aws.ok('s3', 'cp', '--recursive', '--quiet', ...reading(world(), encryption), `${bucket}/${prefix}`, down);
      expectSameTree(down, root);
    };
    await expectBelow('source', source);
    // What was secret becomes known where it is copied into the clear.
    const targets = from === 'none' ? Object.entries(others) : Object.entries(others).filter(([to]) => to !== 'none');
    for (const [to, target] of targets) {
      const options = [...copyingFrom(world(), source), ...writing(world(), target)];
      await aws.ok('s3', 'cp', '--recursive', '--quiet', ...options, `${bucket}/source`, `${bucket}/${to}`);
      await expectBelow(to, target);
    }
  });

  test('a copy into the clear', async () => {
    const bucket = `s3://${await world().bucket()}`;
    const root = makeTree(world(), false);
    const { sseC1, none } = world().modes;
    await aws.ok('s3', 'cp', '--recursive', '--quiet', ...writing(world(), sseC1), root, `${bucket}/secret`);
    const options = copyingFrom(world(), sseC1);
    await aws.ok('s3', 'cp', '--recursive', '--quiet', ...options, `${bucket}/secret`, `${bucket}/clear`);
    const down = join(world().folder, 'down');
    await aws.ok('s3', 'cp', '--recursive', '--quiet', ...reading(world(), none), `${bucket}/clear`, down);
    expectSameTree(down, root);
  });

  test('a wrong key and none', async () => {
    const uri = `s3://${await world().bucket()}/file`;
    const { sseC1, sseC2 } = world().modes;
    await aws.ok('s3', 'cp', ...writing(world(), sseC1), world().secretFile('file', 3000).path, uri);
    expect(await aws.refused('s3', 'cp', ...reading(world(), sseC2), uri, 'target')).toContain('(403)');
    expect(await aws.refused('s3', 'cp', uri, 'target')).toContain('(400)');
  });

  test('a pipe in both directions, and the version under test', async () => {
    const uri = `s3://${await world().bucket()}/piped`;
    const { content } = world().secretFile('piped', 8_400_000);
    await aws.piped(['s3', 'cp', '--sse', 'AES256', '-', uri], content);
    expectSameBytes(await aws.piped(['s3', 'cp', uri, '-']), content);
    const version = (await aws.piped(['--version'])).toString().trim();
    console.log(`  the AWS CLI is ${version}`);
    expect(version).toMatch(/^aws-cli\/1\./);
  });

  test('mb, sync, ls, mv, presign, rm and rb', async () => {
    const name = world().bucketName();
    const bucket = `s3://${name}`;
    const { folder } = world();
    await aws.ok('s3', 'mb', bucket);
    expect(await aws.ok('s3', 'ls')).toContain(name);
    const root = makeTree(world(), false);
    const sync = (...args: readonly string[]) => aws.ok('s3', 'sync', '--no-progress', ...args);
    expect((await sync(root, `${bucket}/tree`)).split('\n')).toHaveLength(3);
    expect(await sync(root, `${bucket}/tree`)).toBe('');
    writeFileSync(join(root, 'empty'), 'no longer');
    rmSync(join(root, 'smäll & one'));
    expect((await sync('--delete', root, `${bucket}/tree`)).split('\n').sort()).toEqual([
      expect.stringMatching(/^delete: /),
      expect.stringMatching(/^upload: /),
    ]);
    await sync(`${bucket}/tree`, join(folder, 'down'));
    expectSameTree(join(folder, 'down'), root);
    expect(await sync(`${bucket}/tree`, join(folder, 'down'))).toBe('');
    expect(await aws.ok('s3', 'ls', `${bucket}/tree/`)).toMatch(/PRE dir\/\n.*9 empty$/);
    await aws.ok('s3', 'mv', '--quiet', `${bucket}/tree/empty`, `${bucket}/moved`);
    expect(await aws.ok('s3', 'ls', '--recursive', '--summarize', bucket)).toMatch(
      /9 moved\n.*8400000 tree\/dir\/large\n\nTotal Objects: 2\n {3}Total Size: 8400009$/,
    );
    expectSameBytes(await readUrl(world(), await aws.ok('s3', 'presign', `${bucket}/moved`)), Buffer.from('no longer'));
    await aws.ok('s3', 'rm', '--recursive', '--quiet', bucket);
    expect(await aws.refused('s3', 'ls', `${bucket}/tree`)).toBe('');
    expect(await aws.refused('s3', 'rb', bucket)).toContain('(BucketNotEmpty)');
    const empty = `s3://${world().bucketName()}`;
    await aws.ok('s3', 'mb', empty);
    await aws.ok('s3', 'rb', empty);
  });

  test('metadata, content headers and a public bucket', async () => {
    const bucket = await world().bucket();
    const { path, content } = world().file('page', 500);
    const headers = ['--content-type', 'text/html', '--cache-control', 'no-cache', '--content-language', 'de'];
    const metadata = ['--metadata', 'colour=blue,shape=round'];
    await aws.ok('s3', 'cp', '--quiet', ...headers, ...metadata, path, `s3://${bucket}/page`);
    const head = ['s3api', 'head-object', '--bucket', bucket, '--key'];
    const described = {
      ContentType: 'text/html',
      CacheControl: 'no-cache',
      ContentLanguage: 'de',
      Metadata: { colour: 'blue', shape: 'round' },
      ContentLength: 500,
      ETag: `"${createHash('md5').update(content).digest('hex')}"`,
    };
    expect(await aws.json(...head, 'page')).toMatchObject(described);
    await aws.ok('s3', 'cp', '--quiet', `s3://${bucket}/page`, `s3://${bucket}/copy`);
    expect(await aws.json(...head, 'copy')).toMatchObject(described);
    const url = `${world().endpoint.url}/${bucket}/copy`;
    await expect(readUrl(world(), url)).rejects.toThrow('403');
    await aws.ok('s3api', 'put-bucket-acl', '--bucket', bucket, '--acl', 'public-read');
    expectSameBytes(await readUrl(world(), url), content);
  });
});
