import { constantTimeEqual } from '@coffer/bytes';
import { EnvelopeError } from './envelope-error.ts';
import type { EncryptionRecord } from './encryption-record.ts';
import type { KeyProvider } from './key-provider.ts';
import { encodeEncryptionRecord } from './record-encoding.ts';

/**
 * The seal of a record, 32 bytes: a keyed checksum of its encoding by the global key it names, in every mode. It needs no
 * customer key.
 *
 * @throws EnvelopeError `malformed` for a record that the format cannot hold; `unknown_key` if the global key is gone. Errors
 * of an unreachable provider pass through.
 */
export async function sealEncryptionRecord(provider: KeyProvider, record: EncryptionRecord): Promise<Uint8Array> {
  return provider.mac(record.globalKeyId, 'coffer/record/v1', encodeEncryptionRecord(record));
}

/**
 * Checks, in constant time, that `seal` was made for exactly this record. Compare the record's file id, bucket id and name with
 * what was asked for as well: a genuine record of another file has a genuine seal.
 *
 * @throws EnvelopeError `not_authentic` if it was not; `malformed` and `unknown_key` as {@link sealEncryptionRecord}. Errors of
 * an unreachable provider pass through.
 */
export async function verifyEncryptionRecord(
  provider: KeyProvider,
  record: EncryptionRecord,
  seal: Uint8Array,
): Promise<void> {
  if (!constantTimeEqual(await sealEncryptionRecord(provider, record), seal))
    throw new EnvelopeError('not_authentic', 'The encryption record does not match its seal');
}
