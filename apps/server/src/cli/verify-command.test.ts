import { createHash } from 'node:crypto';
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authorize } from '../test-support/b2-calls.ts';
import { runCommand, runCommandOn } from '../test-support/run-command.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';
import { treeSnapshot } from '../test-support/tree-snapshot.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

const customerKey = Buffer.alloc(32, 7);
const customerHeaders = {
  'X-Bz-Server-Side-Encryption-Customer-Algorithm': 'AES256',
  'X-Bz-Server-Side-Encryption-Customer-Key': customerKey.toString('base64'),
  'X-Bz-Server-Side-Encryption-Customer-Key-Md5': createHash('md5').update(customerKey).digest('base64'),
};

async function verify(data: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runCommand('verify', '--data', data, ...args);
  return { code, stderr, lines: stdout.split('\n').filter((line) => line !== '') };
}

/** A server with a file of each mode, each in a blob of its own, one of them small. */
async function running() {
  const root = await temporaryDirectory();
  const config = testConfig(root, { inlineThreshold: 100 });
  const server = await start(config);
  const session = await authorize(
    server.urls.http!,
    server.masterKeyId,
    server.masterKey!.expose((text) => text),
  );
  const bucketId = await session.createBucket('bucket-one');
  const upload = async (name: string, headers: Record<string, string> = {}, size = 40_000): Promise<string> => {
    const { bytes } = await session.upload(bucketId, name, Buffer.alloc(size, name), headers);
    return String((JSON.parse(bytes.toString()) as Record<string, unknown>)['fileId']);
  };
  await upload('small', {}, 10);
  const files = {
    plain: await upload('plain'),
    managed: await upload('managed', { 'X-Bz-Server-Side-Encryption': 'AES256' }),
    customer: await upload('customer', customerHeaders),
  };
  return { root, config, server, session, bucketId, files };
}

/** The paths of the blob files, by the names of the files that they are of. */
async function blobPaths({ config, files }: Pick<Awaited<ReturnType<typeof running>>, 'config' | 'files'>) {
  const paths: Record<string, string> = {};
  for (const [name, fileId] of Object.entries(files)) {
    const { stdout } = await runCommand('export-record', '--data', config.data, '--file-id', fileId);
    const { blobs } = JSON.parse(stdout) as { blobs: readonly { path: string }[] };
    paths[name] = join(config.data, blobs[0]!.path);
  }
  return paths;
}

describe('coffer verify', () => {
  it('finds nothing in a whole store, beside its server and without one, and changes nothing', async () => {
    const { config, root, server } = await running();
    const whole = await verify(config.data);
    expect(whole).toMatchObject({ code: 0, lines: [] });
    expect(whole.stderr).toMatch(
      /^Nothing is damaged; \d+ rows and 3 blobs \(80\.\d kB\) were checked; of 1 SSE-C blob only presence and form were checked, .*\.\n$/,
    );
    await server.close(0);
    const keys = join(root, 'customer.keys');
    await writeFile(keys, `${customerKey.toString('base64')}\n`);
    const before = await treeSnapshot(config.data);
    const withKeys = await verify(config.data, '--customer-key-file', keys, '--rate', '100000000');
    expect(withKeys).toMatchObject({ code: 0, lines: [] });
    expect(withKeys.stderr).toContain('and 4 blobs (120.');
    expect(await treeSnapshot(config.data)).toEqual(before);
  });

  it('names each damage by bucket, name, version and kind', async () => {
    const scene = await running();
    const { config, root, files } = scene;
    const paths = await blobPaths(scene);
    const bytes = await readFile(paths['managed']!);
    bytes[20_000]! ^= 1;
    await writeFile(paths['managed']!, bytes);
    await rm(paths['plain']!);
    await writeFile(paths['customer']!, (await readFile(paths['customer']!)).subarray(1));
    const report = join(root, 'report');
    const found = await verify(config.data, '--json', report);
    expect(found.code).toBe(7);
    expect(found.lines.toSorted()).toEqual([
      expect.stringMatching(
        new RegExp(`^blob-damaged   bucket-one "managed" ${files.managed} \\(The blob \\w+ is not authentic`),
      ),
      expect.stringMatching(new RegExp(`^blob-length    bucket-one "customer" ${files.customer} `)),
      expect.stringMatching(new RegExp(`^blob-missing   bucket-one "plain" ${files.plain} `)),
    ]);
    expect(found.stderr).toMatch(/^3 things damaged; /);
    const lines = (await readFile(report, 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { kind: 'blob-length', bucketName: 'bucket-one', name: 'customer', fileId: files.customer, partNumber: 0 },
      { kind: 'blob-damaged' },
      { kind: 'blob-missing' },
      { summary: { damaged: 3, orphans: 0, isWhole: true } },
    ]);
    expect((await verify(config.data, '--bucket', 'bucket-one')).code).toBe(7);
  });

  it('tells left-over blobs from damage', async () => {
    const { config } = await running();
    const [folder] = (await readdir(join(config.data, 'blobs'))).filter((name) => /^[0-9a-f]{2}$/.test(name));
    await writeFile(join(config.data, 'blobs', folder!, `${folder!}0123`), 'x');
    const found = await verify(config.data);
    expect(found).toMatchObject({ code: 0, lines: [expect.stringMatching(/^orphan {9}\(Nothing names the blob/)] });
    expect(found.stderr).toContain('1 blob that nothing names');
  });

  it('goes on where it was stopped', async () => {
    const { config, root } = await running();
    const file = join(root, 'progress');
    expect(await verify(config.data, '--resume', file)).toMatchObject({ code: 0 });
    await expect(stat(file)).rejects.toThrow('ENOENT');
    const stopSoon = (stop: () => void) => {
      setImmediate(stop);
      return () => undefined;
    };
    const args = ['verify', '--data', config.data, '--resume', file, '--rate', '1'];
    const stopped = await runCommandOn({ onStopSignal: stopSoon }, ...args);
    expect(stopped).toMatchObject({ code: 8, stderr: expect.stringContaining('stopped before the end') as string });
    const kept = JSON.parse(await readFile(file, 'utf8')) as { cursor: { counts: { rows: number } } };
    const rest = await verify(config.data, '--resume', file);
    expect(rest.code).toBe(0);
    expect(Number(/(\d+) rows/.exec(rest.stderr)?.[1])).toBeGreaterThanOrEqual(kept.cursor.counts.rows);
    await writeFile(file, '{}');
    expect(await verify(config.data, '--resume', file)).toMatchObject({ code: 2 });
  });

  it('refuses what it cannot do', async () => {
    const { config, root } = await running();
    expect(await verify(config.data, '--bucket', 'no-such-bucket')).toMatchObject({ code: 2 });
    expect(await verify(config.data, '--rate', '0')).toMatchObject({ code: 2 });
    expect(await verify(config.data, '--customer-key-file', join(root, 'none'))).toMatchObject({ code: 2 });
    expect(await verify(config.data, '--json', join(root, 'none', 'report'))).toMatchObject({ code: 2 });
    expect(await verify(join(root, 'nothing'))).toMatchObject({ code: 5 });
    expect(await verify(config.data, '--keys', join(root, 'other'))).toMatchObject({ code: 3 });
  });
});

it('draws on a terminal how far it is, and nowhere else', async () => {
  const { config } = await running();
  const drawn = await runCommandOn({ stderrIsTerminal: true }, 'verify', '--data', config.data);
  expect(drawn.stderr).toContain('\r\u001b[K');
  expect((await verify(config.data)).stderr).not.toContain('\r');
});
