import type { XmlElement } from '@coffer/xml';
import { refused, type Answer } from '../wire/answer.ts';
import type { S3Endpoint } from '../wire/s3-endpoint.ts';
import type { S3Request } from '../wire/s3-signing.ts';
import { removeListed } from './remove-listed.ts';

/** Removes a bucket with all versions, delete markers and unfinished uploads in it. @throws ConformanceError */
export async function removeS3Bucket(s3: S3Endpoint, bucket: string): Promise<void> {
  await removeAll(s3, bucket, { uploads: '' }, ['Upload'], (row) => ({ uploadId: text(row, 'UploadId') }));
  const versions = { versions: '', 'max-keys': '100' };
  const rows = ['Version', 'DeleteMarker'];
  await removeAll(s3, bucket, versions, rows, (row) => ({ versionId: text(row, 'VersionId') }));
  // Endpoints without versions may list nothing above.
  await removeAll(s3, bucket, { 'list-type': '2', 'max-keys': '100' }, ['Contents'], () => ({}));
  const answer = await s3.request({ method: 'DELETE', bucket });
  if (!answer.ok) throw refused('DeleteBucket', answer);
}

/** Lists and deletes until nothing is listed; a listing that the endpoint does not have is passed over. */
async function removeAll(
  s3: S3Endpoint,
  bucket: string,
  query: Readonly<Record<string, string>>,
  names: readonly string[],
  selecting: (row: XmlElement) => Readonly<Record<string, string>>,
): Promise<void> {
  const remove = async (key: string, selected: Readonly<Record<string, string>>): Promise<void> => {
    const object = { bucket, key, query: selected };
    let answer = await s3.request({ method: 'DELETE', ...object });
    if (answer.status === 403) answer = await deleteLocked(s3, object);
    if (!answer.ok) throw refused('DeleteObject', answer);
  };
  await removeListed(async () => {
    const page = await s3.request({ method: 'GET', bucket, query });
    const rows = page.ok ? (page.root?.children ?? []).filter(({ name }) => names.includes(name)) : [];
    return rows.map((row) => {
      const [key, selected] = [text(row, 'Key'), selecting(row)];
      return { identity: [key, ...Object.values(selected)], remove: () => remove(key, selected) };
    });
  });
}

/** Deletes a version that a case has locked; no case locks so that it cannot be undone. */
async function deleteLocked(s3: S3Endpoint, object: Omit<S3Request, 'method'>): Promise<Answer> {
  const body = new TextEncoder().encode('<LegalHold><Status>OFF</Status></LegalHold>');
  // Whether the hold could be removed is told by the deletion.
  await s3.request({ ...object, method: 'PUT', query: { ...object.query, 'legal-hold': '' }, body });
  return s3.request({ ...object, method: 'DELETE', headers: { 'x-amz-bypass-governance-retention': 'true' } });
}

function text(row: XmlElement, name: string): string {
  return row.children.find((child) => child.name === name)?.text ?? '';
}
