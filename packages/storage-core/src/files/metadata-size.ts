const unreserved = /[A-Za-z0-9._\-/~!$'()*;=:@]/;
const encoder = new TextEncoder();

/**
 * Bytes of a file's name and info as a client would send them in headers: the length of each header's name and of its
 * percent-encoded value (B2 docs, "Files": the limits are on the headers' size; "String Encoding": which characters stay).
 */
export function headerMetadataSize(name: string, fileInfo: Readonly<Record<string, string>>): number {
  let size = 'X-Bz-File-Name'.length + percentEncodedLength(name);
  for (const [key, value] of Object.entries(fileInfo))
    size += 'X-Bz-Info-'.length + key.length + percentEncodedLength(value);
  return size;
}

/** Bytes of `text` with every byte of its UTF-8 form as `%XX` except those of characters that stay as they are. */
export function percentEncodedLength(text: string): number {
  let length = 0;
  for (const character of text) length += unreserved.test(character) ? 1 : 3 * encoder.encode(character).length;
  return length;
}
