import { textIn } from '../answer.ts';
import type { KnownVersion } from '../ledger.ts';
import type { Workplace } from '../workplace.ts';
import { addVersion, newVersion, someUpload } from './files.ts';

/** Copies a version to another name, in another encryption or the same. */
export async function copyFile(place: Workplace): Promise<void> {
  const { client, ledger, random, bucketId } = place;
  const [sourceFileId, source] = someUpload(place) ?? [];
  if (sourceFileId === undefined || source === undefined) return;
  const file = newVersion(random, 'upload', source.content);
  const fields = {
    ...{ sourceFileId, destinationBucketId: bucketId, fileName: file.name },
    ...sourceKey(source),
    destinationServerSideEncryption: file.encryption.setting,
  };
  await ledger.during(
    { do: 'copy', ...file },
    () => client.call('b2_copy_file', fields),
    (answer) => addVersion(ledger, textIn(answer, 'fileId'), file),
  );
}

/** What a copy has to say to be able to read its source. */
export function sourceKey({ encryption }: KnownVersion): object {
  return encryption.keySetting === undefined ? {} : { sourceServerSideEncryption: encryption.keySetting };
}
