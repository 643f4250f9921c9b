import { asRetention } from '../upload/new-file.ts';
import type { JsonHandler } from './handler.ts';

/** The answer shows the retention as it was asked for, not wrapped: who may write it may know it. */
export const updateFileRetention: JsonHandler<'b2_update_file_retention'> = async (input, { storage }) => {
  const { fileId, fileName, fileRetention, bypassGovernance } = input;
  await storage.locks.updateRetention({ name: fileName, fileId }, asRetention(fileRetention), { bypassGovernance });
  return { fileId, fileName, fileRetention };
};
