import { isAutomaticContentType } from '@coffer/b2-schema';
import { lookup } from 'mime-types';

const unknown = 'application/octet-stream';

/** The content type to store: as given, or, for `b2/x-auto`, that of the file name's extension. */
export function resolveContentType(contentType: string, fileName: string): string {
  return isAutomaticContentType(contentType) ? contentTypeOf(fileName) : contentType;
}

function contentTypeOf(fileName: string): string {
  const base = fileName.slice(fileName.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  // The library would take a name without a dot for an extension.
  const found = dot <= 0 ? false : lookup(base.slice(dot));
  return found === false ? unknown : found;
}
