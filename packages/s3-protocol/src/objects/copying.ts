import { failedSourceCondition, S3Error, type CopySource, type SourceConditions } from '@coffer/s3-schema';
import type { EncryptionRequest } from '@coffer/sse-schema';
import type { CopySource as StoredSource, Grant, AccountStorage } from '@coffer/storage-core';
import { requireSource, type FoundSource } from '../access/copy-source.ts';
import { entityTagOf } from './views.ts';

/** What the headers of a copy say of its source. */
export interface SourceHeaders {
  readonly source: CopySource;
  readonly sourceConditions: SourceConditions;
  readonly sourceExpectedOwner: string | undefined;
}

/** Who copies, and with which key the source is opened. */
export interface Copying {
  readonly storage: AccountStorage;
  readonly grant: Grant;
  readonly encryption: EncryptionRequest | undefined;
}

/**
 * The source of a copy that the caller may read, whose customer key is right and whose conditions hold. The key is
 * checked first, so that the conditions tell nothing to somebody without it.
 *
 * @throws S3Error; StorageError where the customer key is missing, wrong or superfluous.
 */
export async function openSource(
  { storage, grant, encryption }: Copying,
  headers: SourceHeaders,
): Promise<FoundSource> {
  const { source, sourceConditions, sourceExpectedOwner } = headers;
  const found = await requireSource(storage, grant, source, sourceExpectedOwner);
  (await storage.reads.open(found.version, encryption)).close();
  const etag = await entityTagOf(storage, found.version);
  const failed = failedSourceCondition(sourceConditions, { etag, lastModified: found.version.uploadTimestamp });
  if (failed !== undefined) throw new S3Error('PreconditionFailed', { details: { Condition: failed } });
  return found;
}

/** The source as the core takes it. */
export function storedSource(
  { version }: FoundSource,
  encryption: EncryptionRequest | undefined,
  range?: StoredSource['range'],
): StoredSource {
  return {
    fileId: version.fileId,
    ...(encryption !== undefined && { encryption }),
    ...(range !== undefined && { range }),
  };
}
