import { S3Error, type WriteConditions } from '@coffer/s3-schema';
import { StorageError, type WriteCondition } from '@coffer/storage-core';

/**
 * What a write asks of the version that is there (AWS docs "Conditional writes").
 *
 * @throws S3Error `NotImplemented` for both conditions at once, or, where the server is strict, for any.
 */
export function writeCondition(
  { ifMatch, ifAbsent }: WriteConditions,
  { b2Strict = false }: { readonly b2Strict?: boolean },
): WriteCondition | undefined {
  if (ifMatch === undefined && !ifAbsent) return undefined;
  if (b2Strict || (ifMatch !== undefined && ifAbsent)) {
    throw new S3Error('NotImplemented', { details: { Header: ifAbsent ? 'If-None-Match' : 'If-Match' } });
  }
  return ifMatch === undefined ? { current: 'absent' } : { current: 'tagged', entityTag: ifMatch };
}

/**
 * Runs a write and says which of its conditions did not hold, if one did not.
 *
 * @throws S3Error `PreconditionFailed`; `NoSuchKey` where there is no version that the condition could be about;
 * `ConditionalRequestConflict` for a multipart upload that began before what is current now, and has to begin again.
 */
export async function underCondition<T>(
  condition: WriteCondition | undefined,
  key: string,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!StorageError.is(error, 'condition_failed')) throw error;
    if (error.details.found === 'absent') throw new S3Error('NoSuchKey', { details: { Key: key } });
    const name = condition?.current === 'absent' ? 'If-None-Match' : 'If-Match';
    if (error.details.found === 'newer') {
      throw new S3Error('ConditionalRequestConflict', { details: { Condition: name, Key: key } });
    }
    throw new S3Error('PreconditionFailed', { details: { Condition: name } });
  }
}
