import type { BlobKeys } from './blob-keys.ts';
import type { PartMemory } from './part-memory.ts';
import type { S3Abilities } from './s3-abilities.ts';
import type { S3Calls } from './s3-calls.ts';

/** What everything that works on one store's bucket needs. */
export interface S3Context {
  readonly calls: S3Calls;
  readonly bucket: string;
  readonly keys: BlobKeys;
  readonly abilities: S3Abilities;
  readonly memory: PartMemory;
  /** Bytes of a part. */
  readonly partLength: number;
  /** Objects with more bytes than this are copied in parts of that many bytes. */
  readonly copyLength: number;
}
