import type { SecretString } from '@coffer/bytes';

/**
 * The form of B2's application keys: `K`, the three digits of a cluster and characters of base64, of which 22 hold 132
 * bits. B2's own keys have 27 such characters. Both alphabets of base64 are accepted.
 */
const form = /^K\d{3}[A-Za-z0-9+/_-]{22,60}$/;
/**
 * The fewest different characters of a key. 22 random characters practically always have more; a pattern that somebody
 * typed may have fewer.
 */
const fewestCharacters = 10;

/** What a master key must be, for the message that refuses another. */
export const masterKeyRule =
  'must be K, three digits and 22 to 60 random characters of A-Z, a-z, 0-9, +, /, - and _ (at least 128 bits), ' +
  'such as what this prints: ' +
  'echo K001$(openssl rand -base64 21 | tr -d =)';

/** Whether a given master key has B2's form, and is long and varied enough that it cannot be guessed. */
export function isMasterKey(key: SecretString): boolean {
  return key.expose((text) => form.test(text) && new Set(text.slice(4)).size >= fewestCharacters);
}
