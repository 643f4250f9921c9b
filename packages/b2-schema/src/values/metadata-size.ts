import { encodePercent } from './percent-encoding.ts';

/**
 * Bytes of a file's name and info as a client would send them in headers: the length of each header's name and of its
 * percent-encoded value (B2 docs, "Files": the limits are on the headers' size; "String Encoding": which characters are
 * not encoded).
 */
export function headerMetadataSize(name: string, fileInfo: Readonly<Record<string, string>>): number {
  let size = 'X-Bz-File-Name'.length + encodePercent(name).length;
  for (const [key, value] of Object.entries(fileInfo))
    size += 'X-Bz-Info-'.length + key.length + encodePercent(value).length;
  return size;
}
