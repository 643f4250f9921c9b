import type { Bucket } from '../buckets/bucket-queries.ts';

/** How a new file is to be encrypted. */
export type ChosenEncryption =
  | { readonly mode: 'default' }
  | { readonly mode: 'SSE-B2' }
  /** `keyId`: of a key that the tab knows (`session.customerKeys`); undefined while none is chosen. */
  | { readonly mode: 'SSE-C'; readonly keyId: string | undefined };

interface EncryptionChoiceProps {
  /** Where the file goes. */
  readonly bucket: Bucket;
  readonly value: ChosenEncryption;
  readonly onChange: (value: ChosenEncryption) => void;
}

/** Lets one choose how new files are encrypted, and make or bring a customer key. */
export function EncryptionChoice(_: EncryptionChoiceProps) {
  return null;
}
