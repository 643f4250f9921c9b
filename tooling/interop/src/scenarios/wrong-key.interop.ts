import { expect, test } from 'vitest';
import { readingWith, writingWith, type Encryption } from '../harness/encryption.ts';
import { scenarios } from '../harness/scenario.ts';
import { sdkEncryption } from '../harness/sdk.ts';
import { sdk, upload } from '../harness/stored-files.ts';

const wrongKey = 'Wrong or no SSE-C key provided when reading a file.';
const missingKey =
  'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.';

scenarios('wrong and missing SSE-C keys', (world) => {
  const stored = async (size: number): Promise<{ bucket: string; fileId: string }> => {
    const bucket = await world().bucket();
    const { fileId } = await upload(
      world(),
      bucket,
      world().secretFile(`f-${size}`, size),
      'file',
      world().modes.sseC1,
    );
    return { bucket, fileId };
  };
  const downloading = async (bucket: string, encryption: Encryption): Promise<string> =>
    world().b2.refused(['file', 'download', '--no-progress', `b2://${bucket}/file`, 'target'], readingWith(encryption));

  test.each([0, 1, 40_000, 12_000_000])('downloading %i bytes', async (size) => {
    const { bucket } = await stored(size);
    expect(await downloading(bucket, world().modes.sseC2)).toContain(wrongKey);
    expect(await downloading(bucket, world().modes.none)).toContain(missingKey);
  });

  test('reading a range', async () => {
    const { bucket } = await stored(40_000);
    const answers = await sdk(
      world(),
      bucket,
      (['sseC2', 'none'] as const).map((mode) => ({
        call: 'range',
        name: 'file',
        range: [20_000, 20_100],
        encryption: sdkEncryption(world().modes[mode]),
      })),
    );
    expect(answers.map(({ error }) => error?.text)).toEqual([wrongKey, expect.stringContaining(missingKey)]);
  });

  test('copying', async () => {
    const { b2, modes } = world();
    const { bucket, fileId } = await stored(40_000);
    const copying = async (encryption: Encryption): Promise<string> =>
      b2.refused(
        ['file', 'server-side-copy', '--fetch-metadata', `b2id://${fileId}`, `b2://${bucket}/copy`],
        readingWith(encryption),
        writingWith(modes.sseB2),
      );
    expect(await copying(modes.sseC2)).toContain(wrongKey);
    expect(await copying(modes.none)).toContain(missingKey);
    expect(await b2.ok(['ls', `b2://${bucket}`])).toBe('file');
  });

  test('copying in parts', async () => {
    const { modes } = world();
    const { bucket, fileId } = await stored(12_000_000);
    const answers = await sdk(
      world(),
      bucket,
      (['sseC2', 'none'] as const).map((mode) => ({
        call: 'copy',
        sourceId: fileId,
        name: 'copy',
        offset: 0,
        length: 12_000_000,
        partSize: 4_000_000,
        from: sdkEncryption(modes[mode]),
        to: sdkEncryption(modes.sseB2),
      })),
    );
    expect(answers.map(({ error }) => error?.text)).toEqual([
      expect.stringContaining(wrongKey),
      expect.stringContaining(missingKey),
    ]);
  });
});
