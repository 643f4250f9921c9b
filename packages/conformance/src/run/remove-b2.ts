import { refused } from '../wire/answer.ts';
import { callB2, type B2Session } from '../wire/b2-endpoint.ts';
import type { Transport } from '../wire/transport.ts';

/** Removes a bucket with all versions, hide markers and unfinished large files in it. @throws ConformanceError */
export async function removeB2Bucket(send: Transport, session: B2Session, bucketId: string): Promise<void> {
  // What is listed first is deleted, so the next page is always the first one.
  for (;;) {
    const page = await callB2(send, session, 'b2_list_file_versions', { bucketId, maxFileCount: 100 });
    if (!page.ok) throw refused('b2_list_file_versions', page);
    const first = await removeListed(send, session, (path) => page.json(path));
    if (first === 0) break;
  }
  const { accountId } = session;
  const answer = await callB2(send, session, 'b2_delete_bucket', { accountId, bucketId });
  if (!answer.ok) throw refused('b2_delete_bucket', answer);
}

/** Deletes the versions of a page and says how many there were. */
async function removeListed(send: Transport, session: B2Session, field: (path: string) => unknown): Promise<number> {
  for (let row = 0; ; row++) {
    const [fileName, fileId] = [field(`files.${row}.fileName`), field(`files.${row}.fileId`)];
    if (fileName === undefined) return row;
    const answer = await callB2(send, session, 'b2_delete_file_version', { fileName, fileId });
    if (!answer.ok) throw refused('b2_delete_file_version', answer);
  }
}

/** Removes an application key. @throws ConformanceError */
export async function removeB2Key(send: Transport, session: B2Session, applicationKeyId: string): Promise<void> {
  const answer = await callB2(send, session, 'b2_delete_key', { applicationKeyId });
  if (!answer.ok) throw refused('b2_delete_key', answer);
}
