import { canShowKey, printKeyV3 } from '@coffer/b2-schema';
import { badRequest } from '../errors/b2-error.ts';
import { keyView } from '../views/key-view.ts';
import type { JsonHandler } from './handler.ts';

export const deleteKey: JsonHandler<'b2_delete_key'> = async ({ applicationKeyId }, { grant, storage, version }) => {
  const key = await storage.applicationKeys.get(grant.accountId, applicationKeyId);
  if (!canShowKey(key.bucketIds, version)) {
    throw badRequest('A key that is restricted to several buckets needs version 4 of the API');
  }
  const view = keyView(await storage.applicationKeys.delete(grant.accountId, applicationKeyId));
  return version === 'v4' ? view : printKeyV3(view);
};
