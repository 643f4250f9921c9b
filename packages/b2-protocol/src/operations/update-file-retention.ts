import { asRetention } from '../upload/new-file.ts';
import type { JsonHandler } from './handler.ts';

/**
 * The answer shows the retention as the request gave it, without the wrapper that can hide it from a reader: who may
 * write it may see it.
 */
export const updateFileRetention: JsonHandler<'b2_update_file_retention'> = async (input, { storage }) => {
  const { fileId, fileName, fileRetention, bypassGovernance } = input;
  await storage.locks.updateRetention({ name: fileName, fileId }, asRetention(fileRetention), { bypassGovernance });
  return { fileId, fileName, fileRetention };
};
