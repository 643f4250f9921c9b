import type { BucketId, FileId } from '@coffer/b2-schema';
import { ClientError, type Client } from '@coffer/client';
import { expect, it } from 'vitest';
import { partsLeft, partsStay } from './parts-left.ts';

const upload = { bucketId: 'b' as BucketId, fileName: 'a', begunFile: undefined, isSearched: true };

/** A client that answers with these unfinished large files, and notes what is cancelled. */
function clientWith(names: readonly string[], cancelled: FileId[] = [], failure?: ClientError): Client {
  return {
    list: {
      unfinishedLargeFiles: async function* () {
        await Promise.resolve();
        for (const fileName of names) yield { fileName };
      },
    },
    api: {
      cancelLargeFile: ({ fileId }: { fileId: FileId }) => {
        cancelled.push(fileId);
        return failure === undefined ? Promise.resolve() : Promise.reject(failure);
      },
    },
  } as unknown as Client;
}

it('tells of an unfinished large file of exactly this name', async () => {
  expect(await partsLeft(clientWith(['a']), upload)).toBe(partsStay);
  expect(await partsLeft(clientWith(['ab']), upload)).toBeUndefined();
  expect(await partsLeft(clientWith(['a']), { ...upload, isSearched: false })).toBeUndefined();
});

it('cancels what the upload has begun itself, and says if that is not certain', async () => {
  const own = { ...upload, begunFile: 'f' as FileId };
  const cancelled: FileId[] = [];
  expect(await partsLeft(clientWith([], cancelled), own)).toBeUndefined();
  expect(cancelled).toEqual(['f']);
  expect(await partsLeft(clientWith([], [], new ClientError('bad_request', 'gone')), own)).toBeUndefined();
  const failed = await partsLeft(clientWith([], [], new ClientError('connection_failed', 'no')), own);
  expect(failed).toMatch(/could not be asked/);
});
