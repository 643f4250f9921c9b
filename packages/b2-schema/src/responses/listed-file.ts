import type { ApiVersion } from '../values/api-version.ts';
import type { WireFile } from './wire-file.ts';

/**
 * A file as `version` shows it in listings and in the answer of `b2_hide_file`: v1 calls `contentLength` also `size`,
 * and rclone, which speaks v1, reads only that.
 */
export function printListedFile<File extends WireFile>(file: File, version: ApiVersion): File {
  return version === 'v1' ? { ...file, size: file.contentLength } : file;
}
