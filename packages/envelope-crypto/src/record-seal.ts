import { constantTimeEqual } from '@coffer/bytes';
import { EnvelopeError } from './envelope-error.ts';
import type { EncryptionRecord } from './encryption-record.ts';
import type { KeyProvider } from './key-provider.ts';
import { encodeInPieces } from './record-encoding.ts';

/** Waited for between two pieces of the work on a record of many parts, so that others have their turn. */
export type Pause = () => Promise<void>;

/**
 * The seal of a record, 32 bytes: a keyed checksum of its encoding by the global key it names, in every mode. It needs
 * no customer key.
 *
 * @throws EnvelopeError `malformed` for a record that the format cannot hold; `unknown_key` if the global key is gone.
 * Errors of an unreachable provider pass through.
 */
export async function sealEncryptionRecord(
  provider: KeyProvider,
  record: EncryptionRecord,
  pause?: Pause,
): Promise<Uint8Array> {
  return provider.mac(record.globalKeyId, 'coffer/record/v1', await encode(record, pause));
}

async function encode(record: EncryptionRecord, pause: Pause | undefined): Promise<Uint8Array> {
  const pieces = encodeInPieces(record);
  for (;;) {
    const next = pieces.next();
    if (next.done === true) return next.value;
    await pause?.();
  }
}

/**
 * Checks, in constant time, that `seal` was made for exactly this record. Compare the record's file id, bucket id and
 * name with what was asked for as well: a genuine record of another file has a genuine seal.
 *
 * @throws EnvelopeError `not_authentic` if it was not; `malformed` and `unknown_key` as {@link sealEncryptionRecord}.
 * Errors of an unreachable provider pass through.
 */
export async function verifyEncryptionRecord(
  provider: KeyProvider,
  record: EncryptionRecord,
  seal: Uint8Array,
  pause?: Pause,
): Promise<void> {
  if (!constantTimeEqual(await sealEncryptionRecord(provider, record, pause), seal))
    throw new EnvelopeError('not_authentic', 'The encryption record does not match its seal');
}
