import { ConformanceError } from '../model/conformance-error.ts';
import { refused, type Answer } from '../wire/answer.ts';
import { callB2, type B2Session } from '../wire/b2-endpoint.ts';
import type { Transport } from '../wire/transport.ts';
import { removeListed, type ListedRow } from './remove-listed.ts';

/**
 * Removes a bucket with all versions, hide markers and unfinished large files in it.
 *
 * @throws ConformanceError also if a row is of another bucket, which is then not deleted.
 */
export async function removeB2Bucket(send: Transport, session: B2Session, bucketId: string): Promise<void> {
  const call = (operation: string, body: object): Promise<Answer> => accepted(send, session, operation, body);
  await removeListed(async () => {
    const page = await call('b2_list_file_versions', { bucketId, maxFileCount: 100 });
    return rowsOf(page, bucketId, (version) => deleteVersion(send, session, version));
  });
  await call('b2_delete_bucket', { accountId: session.accountId, bucketId });
}

/** Deletes a version, also one that a case has locked; no case locks so that it cannot be undone. */
async function deleteVersion(send: Transport, session: B2Session, version: object): Promise<void> {
  const answer = await callB2(send, session, 'b2_delete_file_version', version);
  if (answer.ok) return;
  if (answer.code !== 'access_denied') throw refused('b2_delete_file_version', answer);
  // Whether the hold could be removed is told by the deletion.
  await callB2(send, session, 'b2_update_file_legal_hold', { ...version, legalHold: 'off' });
  await accepted(send, session, 'b2_delete_file_version', { ...version, bypassGovernance: true });
}

/** The versions of a page. Each has to name the bucket, since deleting goes by the id of a file alone. */
function rowsOf(
  page: Answer,
  bucketId: string,
  removeVersion: (version: object) => Promise<void>,
): readonly ListedRow[] {
  const rows: ListedRow[] = [];
  for (let row = 0; ; row++) {
    const field = (name: string): unknown => page.json(`files.${row}.${name}`);
    const [fileName, fileId] = [field('fileName'), field('fileId')];
    if (fileName === undefined) return rows;
    if (field('bucketId') !== bucketId)
      throw new ConformanceError('setup', 'b2_list_file_versions lists a file that is not of the bucket');
    const remove = (): Promise<void> => removeVersion({ fileName, fileId });
    rows.push({ identity: [JSON.stringify(fileName), JSON.stringify(fileId)], remove });
  }
}

/** Removes an application key. @throws ConformanceError */
export async function removeB2Key(send: Transport, session: B2Session, applicationKeyId: string): Promise<void> {
  await accepted(send, session, 'b2_delete_key', { applicationKeyId });
}

/** The answer of a call that has to succeed. @throws ConformanceError */
async function accepted(send: Transport, session: B2Session, operation: string, body: object): Promise<Answer> {
  const answer = await callB2(send, session, operation, body);
  if (answer.ok) return answer;
  throw refused(operation, answer);
}
