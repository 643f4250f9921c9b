import type { RequestOf } from '@coffer/b2-schema';
import { present } from '../request/present.ts';
import { resolveContentType } from '../upload/content-type.ts';
import { checkNewName, lockSettings } from '../upload/new-file.ts';
import { storedFileView } from '../views/file-view.ts';
import { copySource } from './copy-source.ts';
import { bucketIdIn, bucketOf, fileAudience } from './file-audience.ts';
import type { JsonHandler } from './handler.ts';

export const copyFile: JsonHandler<'b2_copy_file'> = async (input, call) => {
  const { options, record, request, storage } = call;
  const { destinationBucketId, destinationServerSideEncryption, fileName } = input;
  checkNewName(fileName, options);
  const bucket = await bucketOf(call, destinationBucketId ?? bucketIdIn(input.sourceFileId));
  const version = await storage.copies.copyFile({
    source: copySource(input),
    name: fileName,
    lock: lockSettings(input),
    signal: request.signal,
    ...present({
      bucketId: destinationBucketId,
      metadata: metadataOf(input),
      encryption: destinationServerSideEncryption,
    }),
  });
  record.encryption = version.encryption.mode;
  return storedFileView(version, fileAudience(call, bucket), destinationServerSideEncryption, 'copy');
};

/** With the directive `REPLACE` the new content type and file info; otherwise the source's are kept. */
function metadataOf({ contentType, fileInfo, fileName }: RequestOf<'b2_copy_file'>) {
  if (contentType === undefined) return undefined;
  return { contentType: resolveContentType(contentType, fileName), fileInfo: fileInfo ?? {} };
}
