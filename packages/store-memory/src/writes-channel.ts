import { channel } from 'node:diagnostics_channel';

/**
 * The name of the diagnostics channel on which the stores of this package publish a {@link MemoryWrite} after each
 * write, while somebody subscribes to it. It is for searches for leaked secrets: unlike files, memory cannot be
 * searched from outside.
 */
export const writesChannel = 'coffer.store-memory.writes';

/** What a store has written. */
export interface MemoryWrite {
  /** What it is: `blob in memory` or `records in memory`. */
  readonly label: string;
  /** The bytes of the blob; of records, their structured clone as `serialize` of `node:v8` makes it. */
  readonly content: Uint8Array;
}

const writes = channel(writesChannel);

/** Publishes a write to whoever has subscribed; its content is made only then. */
export function publishWrite(label: string, content: () => Uint8Array): void {
  if (writes.hasSubscribers) writes.publish({ label, content: content() } satisfies MemoryWrite);
}
