import { describe, expect, test } from 'vitest';
import { encryptionView, storedMode, type Encryption, type Encryptions } from '../harness/encryption.ts';
import { logged, scenarios, type World } from '../harness/scenario.ts';
import { expectSameBytes, expectStored, fileInfo, sdkResults, upload } from '../harness/stored-files.ts';
import { sdkEncryption } from '../harness/sdk.ts';
import { sha1, type TestFile } from '../harness/test-file.ts';

const chunk = 16 * 1024;
const smallSizes = [0, 1, chunk - 1, chunk, chunk + 1, 100 * 1024];
const largeSize = 12_000_000;

/** How an upload comes by its encryption. */
interface Way {
  readonly label: string;
  /** What the client asks for. */
  readonly asked: keyof Encryptions;
  /** What the file gets. */
  readonly effective: keyof Encryptions;
  readonly bucketOptions: readonly string[];
}

const ways: readonly Way[] = [
  { label: 'no encryption', asked: 'none', effective: 'none', bucketOptions: [] },
  { label: 'SSE-B2', asked: 'sseB2', effective: 'sseB2', bucketOptions: [] },
  { label: 'SSE-C', asked: 'sseC1', effective: 'sseC1', bucketOptions: [] },
  {
    label: 'the default of the bucket',
    asked: 'none',
    effective: 'sseB2',
    bucketOptions: ['--default-server-side-encryption', 'SSE-B2'],
  },
];

scenarios('upload and download', (world) => {
  describe.each(ways)('with $label', ({ asked, effective, bucketOptions }) => {
    const file = (name: string, size: number): TestFile =>
      effective === 'none'
        ? world().file(name, size)
        : world().secretFile(name, size, size % 2 === 0 ? 'text' : 'random');

    test('small files of all sizes around a chunk, by name and by id', async () => {
      const { modes } = world();
      const bucket = await world().bucket(...bucketOptions);
      for (const size of smallSizes) {
        const source = file(`small-${size}`, size);
        const name = `folder ü/${size}.bin`;
        const printed = await upload(world(), bucket, source, name, modes[asked]);
        expect(printed).toMatchObject({ fileName: name, size, contentSha1: sha1(source.content) });
        await expectStored(world(), `b2://${bucket}/${name}`, modes[effective], source);
        await expectStored(world(), `b2id://${printed.fileId}`, modes[effective], source);
        const info = await fileInfo(world(), printed.fileId);
        expect(info.serverSideEncryption).toMatchObject(printedMode(modes[effective]));
      }
    });

    test('a large file of three parts', async () => {
      const { modes } = world();
      const bucket = await world().bucket(...bucketOptions);
      const source = file('large', largeSize);
      const partsBefore = world().requestsFor('b2_upload_part');
      const printed = await upload(world(), bucket, source, 'large', modes[asked]);
      await expect.poll(() => world().requestsFor('b2_upload_part') - partsBefore, logged).toBe(3);
      expect(printed).toMatchObject({ size: largeSize, fileInfo: { large_file_sha1: sha1(source.content) } });
      await expectStored(world(), `b2://${bucket}/large`, modes[effective], source);
      await expectRanges(world(), bucket, 'large', modes[effective], source);
    });

    test('ranges of a small file', async () => {
      const bucket = await world().bucket(...bucketOptions);
      const source = file('ranged', 100 * 1024);
      await upload(world(), bucket, source, 'ranged', world().modes[asked]);
      await expectRanges(world(), bucket, 'ranged', world().modes[effective], source);
    });
  });
});

scenarios(
  'upload in many small parts',
  (world) => {
    test.each(['sseB2', 'sseC2'] as const)('of 100 KiB with %s', async (mode) => {
      const { modes } = world();
      const bucket = await world().bucket();
      const source = world().secretFile('parts', 1_234_567);
      const partsBefore = world().requestsFor('b2_upload_part');
      await upload(world(), bucket, source, 'parts', modes[mode]);
      await expect.poll(() => world().requestsFor('b2_upload_part') - partsBefore, logged).toBeGreaterThan(10);
      await expectStored(world(), `b2://${bucket}/parts`, modes[mode], source);
      await expectRanges(world(), bucket, 'parts', modes[mode], source);
    });
  },
  ['--recommended-part-size', '102400'],
);

/** `b2 file info` prints no encryption as the mode `none`. */
function printedMode(encryption: Encryption): object {
  return storedMode(encryption) === 'none' ? { mode: 'none' } : encryptionView(encryption);
}

async function expectRanges(
  world: World,
  bucket: string,
  name: string,
  encryption: Encryption,
  { content }: TestFile,
): Promise<void> {
  const ranges = rangesOf(content.length);
  const read = await sdkResults(
    world,
    bucket,
    ranges.map((range) => ({ call: 'range', name, range, encryption: sdkEncryption(encryption) })),
  );
  ranges.forEach(([first, last], at) => {
    expectSameBytes(Buffer.from(read[at] ?? '', 'base64'), content.subarray(first, last + 1));
  });
}

/** Both ends, single bytes, edges of chunks and of the 4 MB parts, and some in the middle of nothing. */
function rangesOf(size: number): readonly (readonly [number, number])[] {
  const candidates: readonly (readonly [number, number])[] = [
    [0, 0],
    [0, chunk - 1],
    [chunk - 1, chunk],
    [chunk, 2 * chunk - 1],
    [12_345, 54_321],
    [3_999_999, 4_000_000],
    [3_990_000, 8_010_000],
    [size - 1, size - 1],
    [0, size - 1],
  ];
  return candidates.filter(([, last]) => last < size);
}
