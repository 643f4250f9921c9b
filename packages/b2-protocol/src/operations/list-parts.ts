import { listRows } from '../request/printed-rows.ts';
import { partView } from '../views/part-view.ts';
import type { JsonHandler } from './handler.ts';

export const listParts: JsonHandler<'b2_list_parts'> = async (input, { request, storage }) => {
  const { fileId } = input;
  const { encryption } = await storage.largeFiles.get(fileId);
  const { rows, next } = await listRows({
    limit: input.maxPartCount,
    start: input.startPartNumber,
    signal: request.signal,
    read: async (startPartNumber, limit) => {
      const page = await storage.largeFiles.listParts({ fileId, startPartNumber, limit });
      return { rows: page.parts, next: page.nextPartNumber ?? undefined };
    },
    view: (part) => partView(part, encryption.mode),
  });
  return { nextPartNumber: next ?? null, parts: rows };
};
