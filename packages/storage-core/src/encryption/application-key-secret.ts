import { SecretBytes, SecretString, concatBytes } from '@coffer/bytes';
import { openSecret, sealSecret } from '@coffer/envelope-crypto';
import type { ApplicationKeyRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { failures } from '../core/failures.ts';
import { underActiveKey } from './file-encryption.ts';
import { cluster } from '../core/identifiers.ts';

const encoder = new TextEncoder();
/** 64 characters, so that six random bits choose one without bias. */
const alphabet = encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
const randomLength = 27;

/** How a secret is kept. */
export type SealedSecret = Pick<ApplicationKeyRecord, 'sealedSecret' | 'globalKeyId'>;

/** A fresh secret of 31 characters, the length of B2's: `K`, the cluster and 162 random bits. */
export function makeApplicationKeySecret(): SecretString {
  const random = SecretBytes.random(randomLength);
  const letters = random.expose((bytes) => bytes.map((byte) => alphabet[byte & 63] ?? 0));
  const text = concatBytes([encoder.encode(`K${cluster}`), letters]);
  const secret = SecretString.copyOfUtf8(text);
  random.wipe();
  letters.fill(0);
  text.fill(0);
  return secret;
}

export async function sealApplicationKey(
  core: Core,
  applicationKeyId: string,
  secret: SecretString,
): Promise<SealedSecret> {
  const bytes = secret.exposeBytes((text) => SecretBytes.copyOf(text));
  try {
    return await underActiveKey(core, async (globalKeyId) => ({
      sealedSecret: await sealSecret(core.keys, globalKeyId, 'application-key', applicationKeyId, bytes),
      globalKeyId,
    }));
  } finally {
    bytes.wipe();
  }
}

/** The secret, which the caller wipes. */
export async function openApplicationKey(
  core: Core,
  applicationKeyId: string,
  { sealedSecret, globalKeyId }: SealedSecret,
): Promise<SecretString> {
  const bytes = await openSealed(core, applicationKeyId, sealedSecret, globalKeyId);
  try {
    return bytes.expose((text) => SecretString.copyOfUtf8(text));
  } finally {
    bytes.wipe();
  }
}

async function openSealed(
  core: Core,
  applicationKeyId: string,
  sealed: Uint8Array,
  globalKeyId: string,
): Promise<SecretBytes> {
  try {
    return await openSecret(core.keys, globalKeyId, 'application-key', applicationKeyId, sealed);
  } catch (error) {
    throw failures.keyUnavailable(error);
  }
}
