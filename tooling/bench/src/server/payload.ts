import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Payload } from './load.ts';

/** Random bytes, which are also written into a file. */
export async function makePayload(directory: string, size: number): Promise<Payload> {
  const file = join(directory, `payload-${size}`);
  const bytes = randomBytes(size);
  await writeFile(file, bytes);
  return { file, bytes, sha1: createHash('sha1').update(bytes).digest('hex') };
}

/** `4 KiB` or `64 MiB`. */
export function sizeName(size: number): string {
  return size < 2 ** 20 ? `${size / 1024} KiB` : `${size / 2 ** 20} MiB`;
}
