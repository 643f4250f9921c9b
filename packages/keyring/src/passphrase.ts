import { randomBytes, scrypt } from 'node:crypto';
import { SecretBytes, decodeBase64, encodeBase64, type SecretString } from '@coffer/bytes';
import { KeyringError } from './keyring-error.ts';
import type { ScryptParameters } from './keyring-file.ts';
import { ROOT_KEY_LENGTH } from './root-key-text.ts';

const saltLength = 16;

/** What new keyrings use: 128 MiB and about half a second per guess (RFC 7914 names the parameters). */
export function freshScryptParameters(): ScryptParameters {
  return { N: 2 ** 17, r: 8, p: 1, salt: encodeBase64(randomBytes(saltLength)) };
}

/**
 * The root key of a passphrase: scrypt of its UTF-8 bytes, which are taken as they are, without Unicode normalisation.
 *
 * @throws KeyringError `root_key_malformed` for an empty passphrase.
 */
export async function rootKeyOfPassphrase(
  passphrase: SecretString,
  parameters: ScryptParameters,
): Promise<SecretBytes> {
  const password = passphrase.exposeBytes((bytes) => Uint8Array.from(bytes));
  try {
    if (password.length === 0) throw new KeyringError('root_key_malformed', 'The passphrase is empty');
    return await derive(password, parameters);
  } finally {
    password.fill(0);
  }
}

function derive(password: Uint8Array, { N, r, p, salt }: ScryptParameters): Promise<SecretBytes> {
  // Twice the memory that scrypt needs for its table: the platform counts some more, and refuses a call that exceeds
  // the limit.
  const options = { N, r, p, maxmem: 256 * N * r };
  const saltBytes = decodeBase64(salt) ?? new Uint8Array(0);
  return new Promise((resolve, reject) => {
    scrypt(password, saltBytes, ROOT_KEY_LENGTH, options, (error, key) => {
      if (error === null) resolve(SecretBytes.take(key));
      else reject(error);
    });
  });
}
