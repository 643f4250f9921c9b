import { Refusal } from '../answer.ts';
import { bytesOf, sizeOf } from '../content.ts';
import type { KnownVersion, Ledger } from '../ledger.ts';
import type { ListedPart, Operation } from '../operation.ts';
import { addVersion, newContent, newVersion, someUpload } from '../operations/files.ts';
import { minimumPartSize } from '../operations/large-files.ts';
import type { Workplace } from '../workplace.ts';
import { childText, framings, headerIn, type S3Request } from './s3-client.ts';

const by = 'S3';
/** Numbers of parts may have gaps. */
const widestGap = 3;

type Finish = Extract<Operation, { do: 'finish' }>;

interface Upload {
  readonly fileId: string;
  readonly file: KnownVersion;
  /** What was answered for each part, by number. */
  readonly etags: Map<number, string>;
}

/** Starts an upload, sends or copies parts, and completes it with all or some of them, aborts it, or leaves it. */
export async function multipartUpload(place: Workplace): Promise<void> {
  const { random } = place;
  const upload = await create(place);
  if (upload === undefined) return;
  let number = 0;
  for (let left = 1 + random.below(4); left > 0; left--) {
    number += 1 + random.below(widestGap);
    await (random.below(4) === 0 ? copyPart(place, upload, number) : sendPart(place, upload, number));
  }
  // Sends a part again with other bytes: the later one counts.
  if (random.below(4) === 0) await sendPart(place, upload, number);
  const end = random.below(6);
  if (end < 4) await complete(place, upload);
  else if (end === 4) await abort(place, upload);
}

async function create({ s3, ledger, random }: Workplace): Promise<Upload | undefined> {
  const file = newVersion(random, 'start', []);
  let fileId: string | undefined;
  await ledger.during(
    { by, do: 'start', ...file },
    () => s3.ask({ method: 'POST', key: file.name, query: { uploads: '' }, headers: file.encryption.s3.target }),
    (answer) => addVersion(ledger, (fileId = childText(answer, 'UploadId') ?? ''), file),
  );
  return fileId === undefined ? undefined : { fileId, file, etags: new Map() };
}

function partRequest({ fileId, file }: Upload, number: number, more: Partial<S3Request>): S3Request {
  const query = { partNumber: String(number), uploadId: fileId };
  return { method: 'PUT', key: file.name, query, ...more, headers: { ...file.encryption.s3.key, ...more.headers } };
}

async function sendPart({ s3, ledger, random }: Workplace, upload: Upload, number: number): Promise<void> {
  const { fileId, file, etags } = upload;
  const content = newContent(minimumPartSize + random.below(random.below(8) === 0 ? 400_000 : 30_000));
  const request = partRequest(upload, number, { body: bytesOf(content), framing: random.pick(framings) });
  await ledger.during(
    { by, do: 'part', fileId, number, content },
    () => s3.send(request),
    (answer) => {
      file.parts.set(number, content);
      etags.set(number, headerIn(answer, 'etag'));
      return fileId;
    },
  );
}

async function copyPart(place: Workplace, upload: Upload, number: number): Promise<void> {
  const { s3, ledger } = place;
  const { fileId, file, etags } = upload;
  const [sourceId, source] = someUpload(place) ?? [];
  if (sourceId === undefined || source === undefined || sizeOf(source.content) < minimumPartSize) return;
  const { content } = source;
  const headers = { 'x-amz-copy-source': s3.sourceOf(source.name, sourceId), ...source.encryption.s3.source };
  await ledger.during(
    { by, do: 'copy part', fileId, number, content },
    () => s3.ask(partRequest(upload, number, { headers })),
    (answer) => {
      file.parts.set(number, content);
      etags.set(number, childText(answer, 'ETag') ?? '');
      return fileId;
    },
  );
}

/** Completes an upload with all of its parts or without some, which are then discarded; now and then twice. */
async function complete(place: Workplace, upload: Upload): Promise<void> {
  const { s3, ledger, random } = place;
  const { fileId, file, etags } = upload;
  const list = [...etags]
    .sort(([one], [other]) => one - other)
    .filter(() => random.below(5) > 0)
    .map(([number, etag]): ListedPart => ({ number, etag }));
  if (list.length === 0) return;
  const content = list.flatMap(({ number }) => file.parts.get(number) ?? []);
  const operation: Finish = { by, do: 'finish', fileId, content, list };
  const request = completion(file, fileId, list);
  await ledger.during(
    operation,
    () => s3.ask(request),
    () => completed(file, fileId, content),
  );
  if (file.action === 'upload' && random.below(3) === 0) await completeOnceMore(place, operation);
}

function completed(file: KnownVersion, fileId: string, content: KnownVersion['content']): string {
  file.action = 'upload';
  file.content = content;
  return fileId;
}

function completion({ name }: KnownVersion, fileId: string, list: readonly ListedPart[]): S3Request {
  const parts = list.map(({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`);
  const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
  return { method: 'POST', key: name, query: { uploadId: fileId }, body };
}

async function abort({ s3, ledger }: Workplace, { fileId, file }: Upload): Promise<void> {
  await ledger.during(
    { by, do: 'cancel', fileId },
    () => s3.send({ method: 'DELETE', key: file.name, query: { uploadId: fileId } }),
    () => {
      ledger.forgetVersion(fileId);
      return fileId;
    },
  );
}

/** After a restart: asks again for every completion whose answer was lost, whether it had happened or not. */
export async function completeAgain(place: Workplace): Promise<void> {
  for (const operation of [...place.ledger.open])
    if (operation.do === 'finish' && operation.list !== undefined) await completeOnceMore(place, operation);
}

/**
 * Completes an upload with the same list again, as a client does that has lost the answer. It must be acknowledged,
 * unless somebody removes the upload or the object at the same time.
 */
async function completeOnceMore({ s3, ledger }: Workplace, operation: Finish): Promise<void> {
  const { fileId, content, list = [] } = operation;
  const file = ledger.versions.get(fileId);
  if (file === undefined) return;
  ledger.open.add(operation);
  try {
    await s3.ask(completion(file, fileId, list));
    ledger.acknowledge(operation, completed(file, fileId, content));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    ledger.refuse(operation, error);
    if (ledger.versions.has(fileId) && !isBeingRemoved(ledger, fileId))
      ledger.violated(`completing again was answered ${error.message}`, fileId);
  }
}

function isBeingRemoved({ open }: Ledger, fileId: string): boolean {
  return [...open].some((one) => (one.do === 'delete' || one.do === 'cancel') && one.fileId === fileId);
}
