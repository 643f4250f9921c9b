import { printKeyV3 } from '@coffer/b2-schema';
import { mapInTurns } from '@coffer/storage-core';
import { present } from '../request/present.ts';
import { keyView } from '../views/key-view.ts';
import type { JsonHandler } from './handler.ts';

export const listKeys: JsonHandler<'b2_list_keys'> = async (input, { storage, version }) => {
  const isOld = version !== 'v4';
  const page = await storage.applicationKeys.list({
    accountId: input.accountId,
    limit: input.maxKeyCount,
    ...present({ startId: input.startApplicationKeyId, maximumBucketIds: isOld ? 1 : undefined }),
  });
  const nextApplicationKeyId = page.nextId;
  if (isOld) return { keys: await mapInTurns(page.keys, (key) => printKeyV3(keyView(key))), nextApplicationKeyId };
  return { keys: await mapInTurns(page.keys, keyView), nextApplicationKeyId };
};
