import type { SecretBytes } from '@coffer/bytes';
import type { KeyProvider } from './key-provider.ts';
import { labelledContext, requireId } from './labelled-context.ts';

/** What a sealed secret is; part of what it is bound to. */
export type SealedSecretKind = 'application-key' | 'event-notification';

/**
 * Seals a short secret, such as an application key's, under a global key: nonce(24) ‖ ciphertext ‖ tag(16), bound to
 * its kind, to `subject` (the id of what it belongs to) and to the global key. The secret stays the caller's to wipe.
 *
 * @throws EnvelopeError `unknown_key` unless the global key is active; `malformed` for a subject or global key id that
 * is not visible ASCII. Errors of an unreachable provider pass through.
 */
export async function sealSecret(
  provider: KeyProvider,
  globalKeyId: string,
  kind: SealedSecretKind,
  subject: string,
  secret: SecretBytes,
): Promise<Uint8Array> {
  return provider.wrap(globalKeyId, secret, secretAad(globalKeyId, kind, subject));
}

/**
 * Opens what {@link sealSecret} made. The result is the caller's to wipe.
 *
 * @throws EnvelopeError `unknown_key` if the global key is gone; `malformed` if `sealed` is too short; `not_authentic`
 * if it was changed or belongs to another kind, subject or global key. Errors of an unreachable provider pass through.
 */
export async function openSecret(
  provider: KeyProvider,
  globalKeyId: string,
  kind: SealedSecretKind,
  subject: string,
  sealed: Uint8Array,
): Promise<SecretBytes> {
  return provider.unwrap(globalKeyId, sealed, secretAad(globalKeyId, kind, subject));
}

function secretAad(globalKeyId: string, kind: SealedSecretKind, subject: string): Uint8Array {
  return labelledContext(
    `coffer/${kind}/v1`,
    requireId('global key id', globalKeyId),
    requireId('secret’s subject', subject),
  );
}
