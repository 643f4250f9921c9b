import { printKeyV3 } from '@coffer/b2-schema';
import type { ApplicationKeyRecord } from '@coffer/storage-ports';
import { present } from '../request/present.ts';
import { listRows } from '../request/printed-rows.ts';
import { keyView } from '../views/key-view.ts';
import type { JsonHandler } from './handler.ts';

export const listKeys: JsonHandler<'b2_list_keys'> = async (input, { request, storage, version }) => {
  const { accountId } = input;
  const isOld = version !== 'v4';
  const list = {
    limit: input.maxKeyCount,
    start: input.startApplicationKeyId,
    signal: request.signal,
    read: async (startId: string | undefined, limit: number) => {
      const maximumBucketIds = isOld ? 1 : undefined;
      const page = await storage.applicationKeys.list({ accountId, limit, ...present({ startId, maximumBucketIds }) });
      return { rows: page.keys, next: page.nextId ?? undefined };
    },
  };
  if (isOld) {
    const { rows, next } = await listRows({ ...list, view: (key: ApplicationKeyRecord) => printKeyV3(keyView(key)) });
    return { keys: rows, nextApplicationKeyId: next ?? null };
  }
  const { rows, next } = await listRows({ ...list, view: keyView });
  return { keys: rows, nextApplicationKeyId: next ?? null };
};
