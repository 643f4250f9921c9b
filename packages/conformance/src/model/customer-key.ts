import { createHash } from 'node:crypto';

/**
 * The customer keys of the cases. They are no secrets: they are made of public names, so that a failed case can be
 * repeated by hand, and protect nothing but test data.
 */
export function customerKey(name: string): { readonly key: string; readonly md5: string } {
  const bytes = createHash('sha256').update(`customer key ${name} of the conformance suite`).digest();
  return { key: bytes.toString('base64'), md5: createHash('md5').update(bytes).digest('base64') };
}

/** Names of the keys that cases use. */
export const customerKeyNames = ['A', 'B'] as const;
export type CustomerKeyName = (typeof customerKeyNames)[number];
