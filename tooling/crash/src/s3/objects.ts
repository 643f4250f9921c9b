import { Refusal } from '../answer.ts';
import { bytesOf } from '../content.ts';
import type { KnownVersion } from '../ledger.ts';
import { addVersion, newContent, newVersion, someUpload, uploadSizes } from '../operations/files.ts';
import type { Operation } from '../operation.ts';
import type { Workplace } from '../workplace.ts';
import { childText, framings, headerIn, type S3Answer, type S3Request } from './s3-client.ts';

const by = 'S3';

/** The request of an object's upload, in one of the ways to send a body. */
export function putRequest(
  { random }: Pick<Workplace, 'random'>,
  { name, encryption, content }: KnownVersion,
): S3Request {
  return {
    method: 'PUT',
    key: name,
    headers: encryption.s3.target,
    body: bytesOf(content),
    framing: random.pick(framings),
  };
}

export async function putObject(place: Workplace): Promise<void> {
  const { s3, ledger, random } = place;
  const file = newVersion(random, 'upload', newContent(random.pick(uploadSizes)));
  const request = putRequest(place, file);
  await ledger.during(
    { by, do: 'upload', ...file },
    () => s3.send(request),
    (answer) => added(place, answer, file),
  );
}

/** Enters a version that an answer tells of. */
export function added({ ledger }: Workplace, answer: S3Answer, file: KnownVersion): string {
  const etag = answer.headers.get('etag');
  if (etag !== null) file.etag = etag;
  return addVersion(ledger, headerIn(answer, 'x-amz-version-id'), file);
}

export async function copyObject(place: Workplace): Promise<void> {
  const { s3, ledger, random } = place;
  const [sourceId, source] = someUpload(place) ?? [];
  if (sourceId === undefined || source === undefined) return;
  const file = newVersion(random, 'upload', source.content);
  const headers = {
    ...{ 'x-amz-copy-source': s3.sourceOf(source.name, sourceId) },
    ...{ ...source.encryption.s3.source, ...file.encryption.s3.target },
  };
  await ledger.during(
    { by, do: 'copy', ...file },
    () => s3.send({ method: 'PUT', key: file.name, headers }),
    (answer) => added(place, answer, file),
  );
}

/** Deletes a key, which makes a delete marker. */
export async function hideKey(place: Workplace): Promise<void> {
  const { s3, ledger, random } = place;
  const marker: KnownVersion = { ...newVersion(random, 'upload', []), action: 'hide' };
  await ledger.during(
    { by, do: 'hide', name: marker.name },
    () => s3.send({ method: 'DELETE', key: marker.name }),
    (answer) => added(place, answer, marker),
  );
}

/** Removes a version or a delete marker, also one that another connection is removing. */
export async function removeOne(place: Workplace): Promise<void> {
  const { s3, ledger } = place;
  const [fileId, version] = someRemovable(place) ?? [];
  if (fileId === undefined || version === undefined) return;
  await ledger.during(
    { by, do: 'delete', fileId },
    () => s3.send({ method: 'DELETE', key: version.name, query: { versionId: fileId } }),
    () => {
      ledger.forgetVersion(fileId);
      return fileId;
    },
  );
}

/** Removes several versions and hides a key, with one request. */
export async function removeMany(place: Workplace): Promise<void> {
  const { s3, ledger, random } = place;
  const chosen = Array.from({ length: 1 + random.below(4) }, () => someRemovable(place));
  const versions = [...new Map(chosen.filter((one) => one !== undefined))];
  const marker: KnownVersion = { ...newVersion(random, 'upload', []), action: 'hide' };
  const entries = [
    ...versions.map(([fileId, { name }]) => `<Object><Key>${name}</Key><VersionId>${fileId}</VersionId></Object>`),
    `<Object><Key>${marker.name}</Key></Object>`,
  ];
  const operations: Operation[] = [
    ...versions.map(([fileId]): Operation => ({ by, do: 'delete', fileId })),
    { by, do: 'hide', name: marker.name },
  ];
  const body = Buffer.from(`<Delete>${entries.join('')}</Delete>`);
  await ledger.duringAll(
    operations,
    () => s3.ask({ method: 'POST', query: { delete: '' }, body }),
    ({ children }, index) => {
      const outcome = children[index];
      if (outcome === undefined) throw new TypeError('An entry has no outcome');
      const [code, message] = [childText(outcome, 'Code'), childText(outcome, 'Message')];
      if (outcome.name === 'Error') throw new Refusal(code === 'InternalError' ? 500 : 409, { code, message });
      const fileId = versions[index]?.[0];
      if (fileId === undefined) return addVersion(ledger, childText(outcome, 'DeleteMarkerVersionId') ?? '', marker);
      ledger.forgetVersion(fileId);
      return fileId;
    },
  );
}

/** A version that S3 can delete: it does not see unfinished uploads as versions. */
function someRemovable({ ledger, random }: Workplace): readonly [string, KnownVersion] | undefined {
  const all = [...ledger.versions].filter(([, { action }]) => action !== 'start');
  return all.length === 0 ? undefined : random.pick(all);
}
