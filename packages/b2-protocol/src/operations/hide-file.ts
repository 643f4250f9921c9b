import { printListedFile } from '@coffer/b2-schema';
import { hideMarkerView } from '../views/file-view.ts';
import type { JsonHandler } from './handler.ts';

export const hideFile: JsonHandler<'b2_hide_file'> = async ({ bucketId, fileName }, { storage, version }) => {
  return printListedFile(hideMarkerView(await storage.files.hide(bucketId, fileName)), version);
};
