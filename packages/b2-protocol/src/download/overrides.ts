import { headerMetadataSize, overrideHeaders, overrideNames, type OverrideName } from '@coffer/b2-schema';
import type { DownloadOverrides, FileVersion, StorageOptions } from '@coffer/storage-core';
import type { BucketRecord } from '@coffer/storage-ports';
import { badRequest } from '../errors/b2-error.ts';

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

/** The file info that each override takes the place of. */
const replacedInfo: Readonly<Partial<Record<OverrideName, string>>> = {
  b2CacheControl: 'b2-cache-control',
  b2ContentDisposition: 'b2-content-disposition',
  b2ContentEncoding: 'b2-content-encoding',
  b2ContentLanguage: 'b2-content-language',
  b2Expires: 'b2-expires',
};

/**
 * Checks that file name, file info and the reader's overrides together keep the limit for the size of headers (B2 docs
 * `b2_download_file_by_id`). Without overrides nothing is refused, since name and info were checked when the file was
 * stored.
 *
 * @throws B2Error `bad_request`.
 */
export function checkOverridesSize(
  overrides: DownloadOverrides,
  { name, fileInfo, encryption }: FileVersion,
  { fileLockEnabled }: BucketRecord,
  { metadataLimit }: StorageOptions,
): void {
  const given = overrideNames.filter((override) => overrides[members[override]] !== undefined);
  if (given.length === 0) return;
  const replaced = new Set(given.map((override) => replacedInfo[override]));
  const kept = Object.fromEntries(Object.entries(fileInfo).filter(([key]) => !replaced.has(key)));
  const added = given.map((override) => overrideHeaders[override].length + (overrides[members[override]] ?? '').length);
  const size = added.reduce((sum, length) => sum + length, headerMetadataSize(name, kept));
  const limit = metadataLimit[encryption.mode !== 'none' || fileLockEnabled ? 'restricted' : 'plain'];
  if (size > limit)
    throw badRequest(`File name, file info and the headers asked for must be no more than ${limit} bytes together`);
}

export function hasOverrides(overrides: DownloadOverrides): boolean {
  return Object.keys(overrides).length > 0;
}

/**
 * Whether the overrides that a reader asks for are those that a download authorization fixes. An authorization that
 * fixes one header fixes them all: the reader may not override a header that it does not name, since a type or
 * disposition of the reader's choice would change what the answer is taken for. An authorization that fixes none leaves
 * all of them to the reader.
 */
export function keepsOverrides(fixed: DownloadOverrides, asked: DownloadOverrides): boolean {
  return !hasOverrides(fixed) || Object.values(members).every((member) => fixed[member] === asked[member]);
}
