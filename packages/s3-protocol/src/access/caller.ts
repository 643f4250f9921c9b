import type { Grant } from '@coffer/storage-core';

/** Who makes a request: the holder of an application key, or somebody who named none. */
export type Caller = { readonly kind: 'key'; readonly grant: Grant } | { readonly kind: 'anonymous' };
