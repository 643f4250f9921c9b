import { createHash } from 'node:crypto';
import { median, medianRatio } from '../measure.ts';
import type { BenchmarkResult, Ratio, Table } from '../report.ts';
import { encryptionOf } from '../server/encryption.ts';
import { sizeName } from '../server/payload.ts';
import type { FacesOptions } from './faces-options.ts';
import { makeLargeContent, type LargeContent } from './large-content.ts';
import { uploadByB2Parts, uploadByS3Parts } from './multipart-uploads.ts';
import { uploadByB2Stream, uploadByS3Chunk, uploadByS3Stream } from './stream-uploads.ts';
import { ratesOf, runTransfers, transferTable } from './transfers.ts';

/** A large file of parts, four at once. */
export async function compareMultipart(place: string, options: FacesOptions): Promise<BenchmarkResult> {
  const content = makeLargeContent(options.largeSize);
  if (content.parts.length < 2) throw new Error('B2 takes large files of two parts or more: --multipart needs 65 MiB');
  const tables: Table[] = [];
  const ratios: Ratio[] = [];
  for (const mode of options.modes) {
    const plan = { place, content, options, encryption: encryptionOf(mode) };
    const transfers = await runTransfers({ B2: uploadByB2Parts, S3: uploadByS3Parts }, plan);
    const title = `${sizeName(content.size)} in parts, 4 at once, ${mode}`;
    tables.push(transferTable(title, content, transfers));
    ratios.push({
      name: `${title}: S3 / B2`,
      value: medianRatio(ratesOf(transfers.S3), ratesOf(transfers.B2)),
      aim: { atLeast: 0.9 },
    });
  }
  return { tables, ratios, notes: ['Parts of 64 MiB, with their SHA-1 for B2 and their MD5 for S3.'] };
}

/** A large file as a single body, against what MD5 alone allows. */
export async function compareStreams(place: string, options: FacesOptions): Promise<BenchmarkResult> {
  const content = makeLargeContent(options.largeSize);
  const tables: Table[] = [];
  const ratios: Ratio[] = [];
  for (const mode of options.modes) {
    const md5: number[] = [];
    const onRound = () => md5.push(bareMd5(content));
    const plan = { place, content, options, encryption: encryptionOf(mode), onRound };
    const uploads = { B2: uploadByB2Stream, S3: uploadByS3Stream, 'S3 in one chunk': uploadByS3Chunk };
    const transfers = await runTransfers(uploads, plan);
    const title = `${sizeName(content.size)} in one stream, ${mode}`;
    const { rows, ...table } = transferTable(title, content, transfers);
    tables.push({ ...table, rows: [...rows, ['MD5 alone', (median(md5) / 1e6).toFixed(0), '-', '-']] });
    const ratio = (name: keyof typeof uploads, base: readonly number[]) => medianRatio(ratesOf(transfers[name]), base);
    ratios.push(
      { name: `${title}: S3 / MD5 alone`, value: ratio('S3', md5), aim: { atLeast: 0.8 } },
      { name: `${title}: S3 in one chunk / MD5 alone`, value: ratio('S3 in one chunk', md5), aim: null },
      { name: `${title}: B2 / MD5 alone`, value: ratio('B2', md5), aim: null },
      { name: `${title}: S3 / B2`, value: ratio('S3', ratesOf(transfers.B2)), aim: null },
    );
  }
  return { tables, ratios, notes: streamNotes };
}

const streamNotes = [
  'MD5 alone: one thread digests the same bytes in memory. S3 in one chunk: aws-chunked with a single chunk, not ' +
    'signed, and a CRC32 in its trailer.',
];

/** Bytes per second. */
function bareMd5({ parts, size }: LargeContent): number {
  const start = performance.now();
  const hash = createHash('md5');
  for (const { bytes } of parts) hash.update(bytes);
  hash.digest();
  return (size / (performance.now() - start)) * 1000;
}
