import type { QuarantinedBlob } from '@coffer/storage-ports';
import type { S3Place } from './s3-address.ts';

/** @throws RangeError for what is no blob id. */
export function checkBlobId(blobId: string): void {
  if (!isBlobId(blobId)) throw new RangeError('A blob id is 1 to 64 characters of [a-z0-9]');
}

function isBlobId(text: string): boolean {
  return /^[a-z0-9]{1,64}$/.test(text);
}

const timeDigits = 16;

/** An entry of the quarantine, by its key. */
export type QuarantineEntry = Pick<QuarantinedBlob, 'blobId' | 'quarantinedAt'>;

/**
 * Where things are in the bucket. The time of quarantining is in the key, so that a listing tells it without a request
 * for each blob: `quarantine/<blob id>/<16 digits>`. As `/` is before all characters of ids, the order of keys is the
 * order of ids.
 */
export class BlobKeys {
  /** Of the object that says which store this is. */
  readonly mark: string;
  readonly blobs: string;
  readonly quarantine: string;
  /** What is made and removed again when the store is opened. */
  readonly probes: string;

  constructor({ prefix }: S3Place) {
    this.mark = `${prefix}store.json`;
    this.blobs = `${prefix}blobs/`;
    this.quarantine = `${prefix}quarantine/`;
    this.probes = `${prefix}probes/`;
  }

  blob(blobId: string): string {
    return this.blobs + blobId;
  }

  /** Undefined for a key that is none of a blob. */
  blobIdOf(key: string): string | undefined {
    const blobId = key.slice(this.blobs.length);
    return key.startsWith(this.blobs) && isBlobId(blobId) ? blobId : undefined;
  }

  quarantined({ blobId, quarantinedAt }: QuarantineEntry): string {
    return `${this.quarantineOf(blobId)}${String(quarantinedAt).padStart(timeDigits, '0')}`;
  }

  /** What the keys of all entries of a blob begin with. */
  quarantineOf(blobId: string): string {
    return `${this.quarantine}${blobId}/`;
  }

  /** Undefined for a key that is none of the quarantine. */
  entryOf(key: string): QuarantineEntry | undefined {
    const [blobId = '', time = '', ...more] = key.slice(this.quarantine.length).split('/');
    if (!key.startsWith(this.quarantine) || !isBlobId(blobId) || more.length > 0) return undefined;
    return /^\d{16}$/.test(time) ? { blobId, quarantinedAt: Number(time) } : undefined;
  }
}
