import type { JsonHandler } from './handler.ts';

export const updateFileLegalHold: JsonHandler<'b2_update_file_legal_hold'> = async (input, { storage }) => {
  const { fileId, fileName, legalHold } = input;
  await storage.locks.updateLegalHold({ name: fileName, fileId }, legalHold);
  return { fileId, fileName, legalHold };
};
