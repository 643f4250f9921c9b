import { describe, expect, test } from 'vitest';
import { readingWith, storedMode, writingWith, type Encryptions } from '../harness/encryption.ts';
import { httpIfShort, logged, scenarios } from '../harness/scenario.ts';
import { sdkEncryption } from '../harness/sdk.ts';
import {
  expectSameBytes,
  expectStored,
  download,
  fileInfo,
  sdkResults,
  upload,
  type PrintedFile,
} from '../harness/stored-files.ts';
import { sha1 } from '../harness/test-file.ts';

const modeNames = ['none', 'sseB2', 'sseC1', 'sseC2'] as const satisfies (keyof Encryptions)[];
const largeSize = 12_000_000;

scenarios(
  'copy',
  (world) => {
    // The secrecy of the content is checked by other scenarios: here every content is also stored in clear.
    describe.each(modeNames)('from %s', (from) => {
      test.each(modeNames)('to %s, whole and by range with the b2 tool', async (to) => {
        const { modes, b2 } = world();
        const bucket = await world().bucket();
        const source = from === 'none' || to === 'none' ? world().file('s', 50_000) : world().secretFile('s', 50_000);
        const { fileId } = await upload(world(), bucket, source, 'source', modes[from], '--info', 'colour=blue');
        const copy = async (target: string, ...options: readonly string[]): Promise<PrintedFile> =>
          (await b2.json(
            // By id: asking for the metadata by name would be a HEAD request, which needs the key and gets none.
            [
              'file',
              'server-side-copy',
              '--fetch-metadata',
              ...options,
              `b2id://${fileId}`,
              `b2://${bucket}/${target}`,
            ],
            readingWith(modes[from]),
            writingWith(modes[to]),
          )) as PrintedFile;
        const whole = await copy('whole');
        await expectStored(world(), `b2id://${whole.fileId}`, modes[to], source);
        const info = await fileInfo(world(), whole.fileId);
        expect(info).toMatchObject({ contentSha1: sha1(source.content), fileInfo: { colour: 'blue' } });
        expect(info.serverSideEncryption?.mode).toBe(storedMode(modes[to]));
        await copy('range', '--range', '16000,33000', '--content-type', 'text/plain', '--info', 'part=yes');
        expectSameBytes(
          await download(world(), `b2://${bucket}/range`, modes[to]),
          source.content.subarray(16_000, 33_001),
        );
      });
    });

    test('between all modes in three parts with b2sdk, whole and from an offset', async () => {
      const { modes } = world();
      const bucket = await world().bucket();
      const source = world().file('large', largeSize);
      const pairs = modeNames.flatMap((from) => modeNames.map((to) => ({ from, to })));
      const ids = await sdkResults(
        world(),
        bucket,
        modeNames.map((from) => ({
          call: 'upload',
          path: source.path,
          name: from,
          encryption: sdkEncryption(modes[from]),
        })),
      );
      const cuts = [
        { name: 'whole', offset: 0, length: largeSize },
        { name: 'rest', offset: 1_000_001, length: largeSize - 1_000_001 },
      ];
      const calls = pairs.flatMap(({ from, to }) =>
        cuts.flatMap((cut) => [
          {
            call: 'copy' as const,
            ...cut,
            sourceId: ids[modeNames.indexOf(from)] ?? '',
            name: `${from}-${to}-${cut.name}`,
            partSize: 4_000_000,
            from: sdkEncryption(modes[from]),
            to: sdkEncryption(modes[to]),
          },
          { call: 'sha1' as const, name: `${from}-${to}-${cut.name}`, encryption: sdkEncryption(modes[to]) },
        ]),
      );
      const copiedBefore = world().requestsFor('b2_copy_part');
      const answers = await sdkResults(world(), bucket, calls);
      await expect
        .poll(() => world().requestsFor('b2_copy_part') - copiedBefore, logged)
        .toBe(pairs.length * cuts.length * 3);
      const read = answers.filter((_, at) => at % 2 === 1);
      const expected = pairs.flatMap(() =>
        cuts.map(({ offset, length }) => sha1(source.content.subarray(offset, offset + length))),
      );
      expect(read).toEqual(expected);
    });

    test('a copy into a bucket with a default is encrypted, whatever its source was', async () => {
      const { modes, b2 } = world();
      const bucket = await world().bucket();
      const target = await world().bucket('--default-server-side-encryption', 'SSE-B2');
      const source = world().secretFile('s', 70_000);
      const { fileId } = await upload(world(), bucket, source, 'source', modes.sseC1);
      const copied = (await b2.json(
        ['file', 'server-side-copy', '--fetch-metadata', `b2id://${fileId}`, `b2://${target}/copy`],
        readingWith(modes.sseC1),
      )) as PrintedFile;
      expect((await fileInfo(world(), copied.fileId)).serverSideEncryption?.mode).toBe('SSE-B2');
      await expectStored(world(), `b2://${target}/copy`, modes.none, source);
    });
  },
  [],
  httpIfShort,
);
