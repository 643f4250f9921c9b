import { deleteResultXml, S3Error, s3Headers, type DeleteEntry, type DeleteOutcome } from '@coffer/s3-schema';
import { coversName } from '@coffer/storage-core';
import { requireOne } from '../access/authorize.ts';
import { answerError } from '../errors/answer-error.ts';
import { deleteOne, requireLockForBypass } from '../objects/delete-one.ts';
import { underCondition } from '../objects/write-conditions.ts';
import { xmlResponse } from '../request/responses.ts';
import type { BucketCall, Handler } from './handler.ts';

type Call = BucketCall<'DeleteObjects'>;

/** Deletions that are under way at once, so that their commits share the flushes of the store. */
const atOnce = 32;

/** AWS docs `DeleteObjects`. */
export const deleteObjects: Handler<'DeleteObjects'> = async (call) => {
  requireLockForBypass(call.bucket, call.headers.has(s3Headers.bypassGovernance));
  const { entries, isQuiet } = call.document;
  const outcomes: DeleteOutcome[] = [];
  for (let at = 0; at < entries.length; at += atOnce) {
    call.request.signal.throwIfAborted();
    outcomes.push(...(await Promise.all(entries.slice(at, at + atOnce).map((entry) => outcomeOf(call, entry)))));
  }
  return xmlResponse(deleteResultXml(outcomes, isQuiet));
};

/** What becomes of one entry; its failure is no failure of the others. */
async function outcomeOf(call: Call, entry: DeleteEntry): Promise<DeleteOutcome> {
  const { bucket, record, storage } = call;
  const { key, versionId, ifMatch } = entry;
  try {
    requireRight(call, entry);
    const { bypassGovernance } = call.input.headers;
    const deletion = { bucket, key, versionId, bypassGovernance, ifMatch };
    return { key, ...(await underCondition(undefined, key, () => deleteOne(storage, deletion))) };
  } catch (error) {
    const answered = answerError(error, { bucketName: bucket.name, key, versionId, uploadId: undefined });
    if (answered.code === 'InternalError') record.report(error);
    return { kind: 'failed', key, versionId, error: asEntryError(answered, versionId) };
  }
}

function requireRight({ grant, row }: Call, { key, versionId }: DeleteEntry): void {
  const { entries } = row.capability;
  if (entries !== undefined) requireOne(grant, [versionId === undefined ? entries.hide : entries.removeVersion]);
  if (!coversName(grant, key)) throw new S3Error('AccessDenied');
}

/** In a list, an id that can be none is a version that is not there. */
function asEntryError(error: S3Error, versionId: string | undefined): S3Error {
  return error.code === 'InvalidArgument' && versionId !== undefined ? new S3Error('NoSuchVersion') : error;
}
