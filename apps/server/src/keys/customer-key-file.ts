import { readFile } from 'node:fs/promises';
import { SecretBytes, decodeBase64, decodeHex } from '@coffer/bytes';
import { StartupError, systemReason } from '../startup-error.ts';

const keyLength = 32;
const newline = 0x0a;

/**
 * The customer keys in a file: one on each line, as 44 characters of base64, as clients send it, or 64 hexadecimal
 * digits. Empty lines and those that begin with `#` are skipped. The caller wipes the keys.
 *
 * @throws StartupError `config`; its text says which line is wrong, but not what the line contains.
 */
export async function readCustomerKeys(path: string): Promise<readonly SecretBytes[]> {
  const file = await readFile(path).catch((cause: unknown) => {
    throw new StartupError('config', `The customer keys in ${path} cannot be read: ${systemReason(cause)}.`, {
      cause,
    });
  });
  const keys: SecretBytes[] = [];
  try {
    for (const [index, line] of linesOf(file).entries()) {
      const key = keyOf(line);
      if (key === 'wrong')
        throw new StartupError(
          'config',
          `Line ${index + 1} of ${path} is no customer key: each is 32 bytes, as 44 characters of base64 or 64 ` +
            'hexadecimal digits.',
        );
      if (key !== undefined) keys.push(key);
    }
    if (keys.length === 0) throw new StartupError('config', `There is no customer key in ${path}.`);
    return keys;
  } catch (error) {
    for (const key of keys) key.wipe();
    throw error;
  } finally {
    file.fill(0);
  }
}

function linesOf(file: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start <= file.length;) {
    const end = file.indexOf(newline, start);
    lines.push(file.subarray(start, end < 0 ? file.length : end));
    start = end < 0 ? file.length + 1 : end + 1;
  }
  return lines;
}

function keyOf(line: Uint8Array): SecretBytes | 'wrong' | undefined {
  const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString('latin1').trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const bytes = text.length === keyLength * 2 ? decodeHex(text.toLowerCase()) : decodeBase64(text);
  return bytes?.length === keyLength ? SecretBytes.take(bytes) : 'wrong';
}
