import type { BucketRecord } from '@coffer/storage-ports';
import {
  coversBucket,
  coversName,
  type DownloadAuthorization,
  type DownloadOverrides,
  type Grant,
  type Storage,
} from '@coffer/storage-core';
import { unauthorized } from '../errors/b2-error.ts';
import { noCapabilities, type CapabilitySet } from '../views/capability-set.ts';
import { hasOverrides, keepsOverrides } from './overrides.ts';

/** Who asks for a download. */
export type Reader =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'account'; readonly grant: Grant }
  | { readonly kind: 'download'; readonly authorization: DownloadAuthorization };

/** The file that a reader asks for, and how. */
export interface Wanted {
  readonly bucket: BucketRecord;
  readonly name: string;
  readonly overrides: DownloadOverrides;
  /** How the file was asked for: a download authorization is valid for names only. */
  readonly by: 'id' | 'name';
}

/**
 * The reader whom the token stands for; without a token, an anonymous one. An invalid token is refused even where no
 * token is needed.
 */
export async function readerOf(storage: Storage, token: string | undefined): Promise<Reader> {
  return token === undefined ? { kind: 'anonymous' } : storage.tokens.checkDownloadToken(token);
}

/** The application key behind a reader; null for an anonymous one. */
export function keyIdOf(reader: Reader): string | null {
  switch (reader.kind) {
    case 'anonymous':
      return null;
    case 'account':
      return reader.grant.key.applicationKeyId;
    case 'download':
      return reader.authorization.applicationKeyId;
  }
}

/**
 * Checks that the reader may have the file. Called before the file is looked for, so that a refusal does not tell
 * whether it exists.
 *
 * @throws B2Error `unauthorized` if not.
 */
export function checkReader(reader: Reader, wanted: Wanted): void {
  if (reader.kind === 'anonymous' && hasOverrides(wanted.overrides)) throw unauthorized();
  const isAllowed = wanted.bucket.type === 'allPublic' ? mayReadPublic(reader, wanted) : mayRead(reader, wanted);
  if (!isAllowed) throw unauthorized();
}

/** A public bucket needs no token, so a token for another place does no harm. */
function mayReadPublic(reader: Reader, { overrides }: Wanted): boolean {
  return reader.kind !== 'download' || keepsOverrides(reader.authorization.overrides, overrides);
}

function mayRead(reader: Reader, wanted: Wanted): boolean {
  switch (reader.kind) {
    case 'anonymous':
      return false;
    case 'account':
      return grantCovers(reader.grant, wanted);
    case 'download':
      return authorizationCovers(reader.authorization, wanted);
  }
}

function grantCovers(grant: Grant, wanted: Wanted): boolean {
  return grant.capabilities.has('readFiles') && reaches(grant, wanted);
}

/** Whether the file is of the key's account and within its restrictions. */
function reaches(grant: Grant, { bucket, name }: Pick<Wanted, 'bucket' | 'name'>): boolean {
  return grant.accountId === bucket.accountId && coversBucket(grant, bucket.bucketId) && coversName(grant, name);
}

function authorizationCovers(authorization: DownloadAuthorization, { bucket, name, overrides, by }: Wanted): boolean {
  return (
    by === 'name' &&
    authorization.accountId === bucket.accountId &&
    authorization.bucketId === bucket.bucketId &&
    name.startsWith(authorization.namePrefix) &&
    keepsOverrides(authorization.overrides, overrides)
  );
}

/**
 * The capabilities of the reader for a file. A download authorization has none, and neither has a key for another
 * place, which may read in a public bucket as everybody may.
 */
export function capabilitiesFor(reader: Reader, file: Pick<Wanted, 'bucket' | 'name'>): CapabilitySet {
  return reader.kind === 'account' && reaches(reader.grant, file) ? reader.grant.capabilities : noCapabilities;
}
