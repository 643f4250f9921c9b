import { mapInTurns } from '@coffer/storage-core';
import { partView } from '../views/part-view.ts';
import type { JsonHandler } from './handler.ts';

export const listParts: JsonHandler<'b2_list_parts'> = async (input, { storage }) => {
  const { fileId, maxPartCount, startPartNumber } = input;
  const { encryption } = await storage.largeFiles.get(fileId);
  const page = await storage.largeFiles.listParts({ fileId, startPartNumber, limit: maxPartCount });
  const parts = await mapInTurns(page.parts, (part) => partView(part, encryption.mode));
  return { nextPartNumber: page.nextPartNumber, parts };
};
