import { textIn } from '../answer.ts';
import { bytesOf, sha1Of, sizeOf } from '../content.ts';
import type { KnownVersion } from '../ledger.ts';
import type { Workplace } from '../workplace.ts';
import { sourceKey } from './copies.ts';
import { addVersion, newContent, newVersion, someUpload } from './files.ts';

/** Bytes, as the server is told on its command line. */
export const minimumPartSize = 100;

interface Unfinished {
  readonly fileId: string;
  readonly file: KnownVersion;
}

/** Starts a large file, sends or copies parts, and finishes it, cancels it, or leaves it as it is. */
export async function largeFile(place: Workplace): Promise<void> {
  const { random } = place;
  const unfinished = await start(place);
  if (unfinished === undefined) return;
  const count = 1 + random.below(4);
  for (let number = 1; number <= count; number++)
    await (random.below(4) === 0 ? copyPart(place, unfinished, number) : sendPart(place, unfinished, number));
  // Sends a part again with other bytes: the later one counts.
  if (random.below(4) === 0) await sendPart(place, unfinished, 1);
  const end = random.below(5);
  if (end < 3) await finish(place, unfinished);
  else if (end === 3) await cancel(place, unfinished);
}

async function start({ client, ledger, random, bucketId }: Workplace): Promise<Unfinished | undefined> {
  const file = newVersion(random, 'start', []);
  const fields = {
    ...{ bucketId, fileName: file.name, contentType: 'application/octet-stream' },
    serverSideEncryption: file.encryption.setting,
  };
  let fileId: string | undefined;
  await ledger.during(
    { do: 'start', ...file },
    () => client.call('b2_start_large_file', fields),
    (answer) => addVersion(ledger, (fileId = textIn(answer, 'fileId')), file),
  );
  return fileId === undefined ? undefined : { fileId, file };
}

async function sendPart({ client, ledger, random }: Workplace, target: Unfinished, number: number): Promise<void> {
  const { fileId, file } = target;
  const content = newContent(minimumPartSize + random.below(random.below(8) === 0 ? 400_000 : 30_000));
  const url = await client.call('b2_get_upload_part_url', { fileId });
  const headers = { ...file.encryption.keyHeaders, 'X-Bz-Part-Number': String(number) };
  await ledger.during(
    { do: 'part', fileId, number, content },
    () => client.send(url, bytesOf(content), headers),
    () => {
      file.parts.set(number, content);
      return fileId;
    },
  );
}

async function copyPart(place: Workplace, { fileId, file }: Unfinished, partNumber: number): Promise<void> {
  const [sourceFileId, source] = someUpload(place) ?? [];
  if (sourceFileId === undefined || source === undefined || sizeOf(source.content) < minimumPartSize) return;
  const { content } = source;
  const { keySetting } = file.encryption;
  const fields = {
    ...{ sourceFileId, largeFileId: fileId, partNumber },
    ...sourceKey(source),
    ...(keySetting === undefined ? {} : { destinationServerSideEncryption: keySetting }),
  };
  await place.ledger.during(
    { do: 'copy part', fileId, number: partNumber, content },
    () => place.client.call('b2_copy_part', fields),
    () => {
      file.parts.set(partNumber, content);
      return fileId;
    },
  );
}

async function finish({ client, ledger }: Workplace, { fileId, file }: Unfinished): Promise<void> {
  const parts = [...file.parts].sort(([one], [other]) => one - other);
  // Two parts at least; and a copy that was refused leaves a gap, with which no large file can be finished.
  if (parts.length < 2 || parts.some(([number], index) => number !== index + 1)) return;
  const content = parts.flatMap(([, part]) => part);
  const partSha1Array = parts.map(([, part]) => sha1Of(bytesOf(part)));
  await ledger.during(
    { do: 'finish', fileId, content },
    () => client.call('b2_finish_large_file', { fileId, partSha1Array }),
    () => {
      file.action = 'upload';
      file.content = content;
      return fileId;
    },
  );
}

async function cancel({ client, ledger }: Workplace, { fileId }: Unfinished): Promise<void> {
  await ledger.during(
    { do: 'cancel', fileId },
    () => client.call('b2_cancel_large_file', { fileId }),
    () => {
      ledger.forgetVersion(fileId);
      return fileId;
    },
  );
}
