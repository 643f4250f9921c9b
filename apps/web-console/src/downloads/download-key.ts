import { sseC, type CustomerKeyEncryption } from '@coffer/client';
import type { CustomerKey } from '@coffer/sse-schema';
import { keyIdProblem } from '../customer-keys/key-text.ts';
import type { CustomerKeys } from '../session/customer-keys.ts';

/** The customer key of a download: one that the tab knows by this id, or one that somebody has brought for it. */
export interface DownloadKey {
  readonly id: string;
  readonly brought?: BroughtKey | undefined;
}

interface BroughtKey {
  /** Wiped when the download has ended in any way. */
  readonly key: CustomerKey;
  /** Whether it may take the place of another key that the tab has under the same id. */
  readonly mayReplace: boolean;
}

/**
 * The encryption of the file.
 *
 * @throws TypeError if the tab has forgotten the key.
 */
export function encryptionUnder({ id, brought }: DownloadKey, customerKeys: CustomerKeys): CustomerKeyEncryption {
  if (brought !== undefined && !brought.key.key.wiped) return sseC(brought.key, { id });
  const encryption = customerKeys.encryption(id);
  if (encryption !== undefined) return encryption;
  throw new TypeError(`This tab has forgotten the customer key “${id}”. Add it again, and try again.`);
}

/**
 * To be called when the server has given a file out under the key: the tab knows a key that was brought from then on,
 * unless it has another one under the same id which this one must not replace, or the id is none that a key here can
 * have.
 */
export function keepProvenKey({ id, brought }: DownloadKey, customerKeys: CustomerKeys): void {
  if (brought === undefined || brought.key.key.wiped) return;
  const others = brought.mayReplace ? [] : customerKeys.known();
  if (keyIdProblem(id, others) === undefined) customerKeys.add(id, brought.key);
}

/** Wipes a key that was brought; the tab has a copy of its own if it knows it. */
export function dropBroughtKey(key: DownloadKey | undefined): void {
  key?.brought?.key.wipe();
}
