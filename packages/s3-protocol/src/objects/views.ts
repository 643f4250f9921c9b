import { encodeBase64 } from '@coffer/bytes';
import type { Checksum, ChecksumType, Retention } from '@coffer/s3-schema';
import type { FileVersion, FurtherChecksum } from '@coffer/storage-core';

/** A checksum as clients get it, and how it came about. */
export interface ChecksumView {
  readonly checksum: Checksum | undefined;
  readonly checksumType: ChecksumType | undefined;
}

/**
 * A further checksum of an object or a part.
 *
 * @param partCount How many parts a checksum of parts was made of.
 */
export function checksumView(further: FurtherChecksum | null | undefined, partCount: number | null): ChecksumView {
  if (further === null || further === undefined || further.value === null)
    return { checksum: undefined, checksumType: undefined };
  const { algorithm, of, value } = further;
  const parts = of === 'parts' && partCount !== null ? { parts: partCount } : {};
  return { checksum: { algorithm, value: encodeBase64(value), ...parts }, checksumType: checksumTypeOf(further) };
}

/** How a checksum came about, or will. */
export function checksumTypeOf({ of }: Pick<FurtherChecksum, 'of'>): ChecksumType {
  return of === 'content' ? 'FULL_OBJECT' : 'COMPOSITE';
}

/** The retention of a version, as answers show it; undefined where there is none. */
export function retentionView({
  retention,
}: Pick<FileVersion, 'retention'>): Exclude<Retention, { mode: null }> | undefined {
  return retention === null ? undefined : { mode: retention.mode, retainUntilTimestamp: retention.retainUntil };
}

/** The entity tag of one version, without quotes. */
export async function entityTagOf(
  { reads }: { readonly reads: { entityTags(versions: readonly FileVersion[]): Promise<readonly string[]> } },
  version: FileVersion,
): Promise<string> {
  const [tag = ''] = await reads.entityTags([version]);
  return tag;
}
