import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A real file on disk with content of its own. */
export interface TestFile {
  readonly path: string;
  readonly content: Buffer;
  /** ASCII that occurs in the content and nowhere else; undefined where the content is too short to hold it. */
  readonly marker: string | undefined;
}

export type ContentKind = 'random' | 'text';

const bytesBetweenMarkers = 4096;

/**
 * Makes a file in a folder. A marker recurs about every 4 KiB, so that any stretch of plaintext left on a disk shows.
 *
 * @param size Bytes.
 */
export function makeTestFile(folder: string, name: string, size: number, kind: ContentKind = 'random'): TestFile {
  const marker = `MARKER-${randomBytes(12).toString('hex')}-END`;
  const content = kind === 'random' ? randomBytes(size) : textContent(size);
  let marked = 0;
  for (let at = 0; at + marker.length <= size; at += bytesBetweenMarkers) marked += content.write(marker, at, 'latin1');
  const path = join(folder, name);
  writeFileSync(path, content);
  return { path, content, marker: marked === 0 ? undefined : marker };
}

/** SHA-1 in hexadecimal, as B2 reports it. */
export function sha1(content: Uint8Array): string {
  return createHash('sha1').update(content).digest('hex');
}

function textContent(size: number): Buffer {
  const line = 'It was a bright cold day in April, and the clocks were striking thirteen.\n';
  return Buffer.alloc(size, line);
}
