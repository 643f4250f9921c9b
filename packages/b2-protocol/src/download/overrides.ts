import { overrideNames, type OverrideName } from '@coffer/b2-schema';
import type { DownloadOverrides } from '@coffer/storage-core';

/** Each override's name in the core. */
const members = {
  b2CacheControl: 'cacheControl',
  b2ContentDisposition: 'contentDisposition',
  b2ContentEncoding: 'contentEncoding',
  b2ContentLanguage: 'contentLanguage',
  b2ContentType: 'contentType',
  b2Expires: 'expires',
} as const satisfies Record<OverrideName, keyof DownloadOverrides>;

/** The overrides among the fields of a request. */
export function overridesOf(input: { readonly [Name in OverrideName]?: string | undefined }): DownloadOverrides {
  const given = overrideNames.flatMap((name) => {
    const value = input[name];
    return value === undefined ? [] : [[members[name], value] as const];
  });
  return Object.fromEntries(given);
}

export function hasOverrides(overrides: DownloadOverrides): boolean {
  return Object.keys(overrides).length > 0;
}

/**
 * Whether what is asked for is what an authorization fixes. One that fixes a header fixes them all: what it does not name may not be
 * asked for, since a type or a disposition of the reader's choice would make another answer of it. One that fixes none leaves them to
 * the reader.
 */
export function keepsOverrides(fixed: DownloadOverrides, asked: DownloadOverrides): boolean {
  return !hasOverrides(fixed) || Object.values(members).every((member) => fixed[member] === asked[member]);
}
