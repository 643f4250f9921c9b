import type { Capability } from '@coffer/b2-schema';
import type { AccountInfo } from '@coffer/client';

/** What an application key may do, as the server told at sign-in. The server decides; pages only ask what to offer. */
export interface Rights {
  /** Whether the key has all of these capabilities. */
  readonly has: (...capabilities: readonly Capability[]) => boolean;
  /** The buckets that it is restricted to; undefined if it is not. A name is null if that bucket is gone. */
  readonly buckets: readonly { readonly id: string; readonly name: string | null }[] | undefined;
  /** What all names have to begin with; empty if it is not restricted. */
  readonly namePrefix: string;
}

export function rightsOf({ allowed }: AccountInfo): Rights {
  const capabilities: ReadonlySet<string> = new Set(allowed.capabilities);
  return {
    has: (...wanted) => wanted.every((capability) => capabilities.has(capability)),
    buckets: allowed.buckets ?? undefined,
    namePrefix: allowed.namePrefix ?? '',
  };
}
