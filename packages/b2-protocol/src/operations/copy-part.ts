import { present } from '../request/present.ts';
import { partView } from '../views/part-view.ts';
import { copySource } from './copy-source.ts';
import type { JsonHandler } from './handler.ts';

export const copyPart: JsonHandler<'b2_copy_part'> = async (input, { record, request, storage }) => {
  const { largeFileId: fileId, partNumber, destinationServerSideEncryption: encryption } = input;
  const file = await storage.largeFiles.get(fileId);
  const part = await storage.copies.copyPart({
    source: copySource(input),
    fileId,
    partNumber,
    signal: request.signal,
    ...present({ encryption }),
  });
  record.encryption = file.encryption.mode;
  return partView(part, record.encryption, encryption);
};
