import { s3Headers } from '@coffer/s3-schema';
import { deleteOne, requireLockForBypass } from '../objects/delete-one.ts';
import { markerHeaders } from '../objects/find-version.ts';
import { underCondition } from '../objects/write-conditions.ts';
import { emptyResponse } from '../request/responses.ts';
import type { Handler } from './handler.ts';

/** AWS docs `DeleteObject`. */
export const deleteObject: Handler<'DeleteObject'> = async (call) => {
  const { bucket, key, storage } = call;
  const { bypassGovernance, ifMatch } = call.input.headers;
  requireLockForBypass(bucket, call.headers.has(s3Headers.bypassGovernance));
  const { versionId } = call.input.query;
  const deleted = await underCondition(undefined, key, () =>
    deleteOne(storage, { bucket, key, versionId, bypassGovernance, ifMatch }),
  );
  return emptyResponse(headersOf(deleted), 204);
};

function headersOf(deleted: Awaited<ReturnType<typeof deleteOne>>): [name: string, value: string][] {
  switch (deleted.kind) {
    case 'hidden':
      return markerHeaders(deleted.markerId);
    case 'marker':
      return markerHeaders(deleted.versionId);
    case 'version':
      return [[s3Headers.versionId, deleted.versionId]];
  }
}
