import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writingWith } from '../harness/encryption.ts';
import { logged, httpOnly, scenarios, type World } from '../harness/scenario.ts';
import { expectStored, fileInfo, upload } from '../harness/stored-files.ts';
import { sha1 } from '../harness/test-file.ts';

const declare = (world: () => World): void => {
  test('all options of an upload come back in the information about the file', async () => {
    const { modes } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('file', 30_000);
    const timestamp = Date.UTC(2020, 1, 29);
    const { fileId } = await upload(
      ...([world(), bucket, file, 'file', modes.sseB2] as const),
      ...['--sha1', sha1(file.content), '--content-type', 'text/x-test', '--info', 'colour=blue', '--info', 'b=2'],
      ...['--content-disposition', 'attachment; filename="a b.txt"', '--content-language', 'de, en'],
      ...[
        '--content-encoding',
        'identity',
        '--expires',
        'Thu, 01 Dec 2050 16:00:00 GMT',
        '--cache-control',
        'no-store',
      ],
      ...['--custom-upload-timestamp', String(timestamp)],
    );
    expect(await fileInfo(world(), fileId)).toMatchObject({
      ...{ contentType: 'text/x-test', contentSha1: sha1(file.content), uploadTimestamp: timestamp },
      fileInfo: {
        ...{ colour: 'blue', b: '2', 'b2-content-disposition': 'attachment; filename="a b.txt"' },
        ...{ 'b2-content-language': 'de, en', 'b2-content-encoding': 'identity', 'b2-cache-control': 'no-store' },
        'b2-expires': 'Thu, 01 Dec 2050 16:00:00 GMT',
      },
    });
  });

  test('a SHA-1 that is not the content is refused, and nothing is stored', async () => {
    const { b2 } = world();
    const bucket = await world().bucket();
    const { path } = world().file('file', 30_000);
    const wrong = ['--sha1', '0'.repeat(40)];
    expect(await b2.refused(['file', 'upload', '--no-progress', ...wrong, bucket, path, 'f'])).toMatch(
      /sha1|checksum/i,
    );
    expect(await b2.ok(['ls', '-r', `b2://${bucket}`])).toBe('');
  });

  test.each([
    { size: 5_000, mode: 'sseB2' },
    { size: 11_000_000, mode: 'sseC1' },
  ] as const)('$size bytes from a pipe, $mode', async ({ size, mode }) => {
    const { b2, modes } = world();
    const bucket = await world().bucket();
    const file = world().secretFile('file', size);
    const args = ['file', 'upload', '--no-progress', '--threads', '2', bucket, '-', 'streamed'];
    await b2.piped(args, file.content, writingWith(modes[mode]));
    await expectStored(world(), `b2://${bucket}/streamed`, modes[mode], file);
  });

  test('an incremental upload copies what is there and sends only what was added', async () => {
    const { b2, modes } = world();
    const bucket = await world().bucket();
    const whole = world().secretFile('whole', 12_000_000);
    const start = { ...whole, path: `${whole.path}.start`, content: whole.content.subarray(0, 8_000_000) };
    writeFileSync(start.path, start.content);
    await upload(world(), bucket, start, 'log', modes.sseB2);
    const copiedBefore = world().requestsFor('b2_copy_part') + world().requestsFor('b2_copy_file');
    await upload(world(), bucket, whole, 'log', modes.sseB2, '--incremental-mode', '--min-part-size', '5000000');
    await expect
      .poll(() => world().requestsFor('b2_copy_part') + world().requestsFor('b2_copy_file'), logged)
      .toBeGreaterThan(copiedBefore);
    await expectStored(world(), `b2://${bucket}/log`, modes.sseB2, whole);
    expect((await b2.ok(['ls', '-r', '--versions', `b2://${bucket}`])).split('\n')).toEqual(['log', 'log']);
  });
};

scenarios('upload commands', declare, ['--custom-timestamps'], httpOnly);
