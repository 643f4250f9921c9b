import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';

/** Entries of a ZIP file: name and content, in their order. */
export type ZipContent = readonly (readonly [string, Uint8Array])[];

/** What yauzl reads in a ZIP file; it refuses unsafe names and wrong sizes, and checksums are compared here. */
export async function readZip(bytes: Uint8Array): Promise<ZipContent> {
  const zip = await fromBufferPromise(Buffer.from(bytes), { lazyEntries: true, strictFileNames: true });
  const content: (readonly [string, Uint8Array])[] = [];
  for await (const entry of zip.eachEntry()) content.push([entry.fileName, await contentOf(zip, entry)]);
  return content;
}

async function contentOf(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const bytes = await buffer(await zip.openReadStreamPromise(entry));
  if (crc32(bytes) !== entry.crc32) throw new Error(`The checksum of ${entry.fileName} is wrong`);
  return Uint8Array.from(bytes);
}
