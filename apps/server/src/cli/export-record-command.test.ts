import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authorize } from '../test-support/b2-calls.ts';
import { runCommand } from '../test-support/run-command.ts';
import { testConfig, testPlaces } from '../test-support/temporary-place.ts';

const { start, temporaryDirectory } = testPlaces(onTestFinished);

const exportRecord = (...args: readonly string[]) => runCommand('export-record', ...args);

/** A running server with a small and a larger file, both stored in clear so that bytes can be compared. */
async function stored() {
  const root = await temporaryDirectory();
  const config = testConfig(root, { inlineThreshold: 100 });
  const server = await start(config);
  const session = await authorize(
    server.urls.http!,
    server.masterKeyId,
    server.masterKey!.expose((text) => text),
  );
  const bucketId = await session.createBucket('bucket-one');
  const small = Buffer.from('small');
  const large = Buffer.alloc(20_000, 'large');
  await session.upload(bucketId, 'small', small);
  await session.upload(bucketId, 'large', large);
  return { root, data: config.data, bucketId, small, large, server };
}

interface Export {
  readonly record: { readonly fileId: string; readonly parts: readonly { readonly blobId: string }[] };
  readonly blobs: readonly { readonly blobId: string; readonly path?: string; readonly bytes?: string }[];
}

const named = (name: string) => ['--bucket', 'bucket-one', '--name', name];

describe('beside a running server', () => {
  it('prints the record and where the blobs are, in a file or at once', async () => {
    const { data, bucketId, small, large } = await stored();
    const first = await exportRecord('--data', data, ...named('large'));
    expect([first.code, first.stderr]).toEqual([0, '']);
    const { record, blobs } = JSON.parse(first.stdout) as Export;
    expect(record).toMatchObject({
      ...{ mode: 'none', globalKeyId: expect.stringMatching(/^gk_/) as string, bucketId, fileName: 'large' },
      ...{ size: 20_000, wrappedKey: null, verifier: null, seal: expect.stringMatching(/^.{44}$/) as string },
      parts: [{ partNumber: 0, size: 20_000 }],
    });
    expect(blobs.map(({ blobId }) => blobId)).toEqual(record.parts.map(({ blobId }) => blobId));
    expect(await readFile(join(data, blobs[0]!.path!))).toEqual(large);
    const second = JSON.parse((await exportRecord('--data', data, ...named('small'))).stdout) as Export;
    expect(Buffer.from(second.blobs[0]!.bytes!, 'base64')).toEqual(small);
    expect(await exportRecord('--data', data, '--file-id', record.fileId)).toEqual(first);
  });

  it('writes a file that only its owner can read', async () => {
    const { root, data } = await stored();
    const output = join(root, 'record.json');
    expect(await exportRecord('--data', data, ...named('large'), '--output', output)).toMatchObject({ stdout: '' });
    expect(JSON.parse(await readFile(output, 'utf8'))).toMatchObject({ formatVersion: 1 });
    expect((await stat(output)).mode & 0o777).toBe(0o600);
  });

  it('says what is not there', async () => {
    const { root, data } = await stored();
    for (const [args, message] of [
      [['--data', data, ...named('nothing')], 'no such file version'],
      [['--data', data, '--file-id', 'nothing'], 'no such file version'],
      [['--data', data, '--bucket', 'nothing', '--name', 'small'], 'no bucket of that name'],
      [['--data', data, ...named('small'), '--output', join(root, 'no', 'where')], 'cannot be written'],
    ] as const) {
      const { code, stdout, stderr } = await exportRecord(...args);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
    }
  });
});

it('reads a directory that no server runs on', async () => {
  const { data, server } = await stored();
  await server.close(0);
  expect((await exportRecord('--data', data, ...named('small'))).code).toBe(0);
});

it('makes nothing where there is no data', async () => {
  const data = join(await temporaryDirectory(), 'data');
  expect(await exportRecord('--data', data, '--file-id', 'x')).toMatchObject({ code: 5, stdout: '' });
  await expect(stat(data)).rejects.toMatchObject({ code: 'ENOENT' });
});

it.each([[[]], [['--bucket', 'b']], [['--name', 'n']], [['--file-id', 'i', '--bucket', 'b', '--name', 'n']]])(
  'wants one file version: %o',
  async (args) => {
    const { code, stderr } = await exportRecord(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--file-id ID, or --bucket NAME and --name FILE')]);
  },
);
