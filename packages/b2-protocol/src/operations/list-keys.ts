import { printKeyV3 } from '@coffer/b2-schema';
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
  if (isOld) return { keys: page.keys.map((key) => printKeyV3(keyView(key))), nextApplicationKeyId };
  return { keys: page.keys.map(keyView), nextApplicationKeyId };
};
