import type { FileId, OperationNameOf, ParsedResponseOf } from '@coffer/b2-schema';
import type { JsonFields } from '../calls/api-types.ts';
import type { CallOptions } from '../calls/call-context.ts';
import { ClientError } from '../errors/client-error.ts';
import type { FilesContext } from './files-context.ts';

type Fields<Name extends OperationNameOf<'json'>> = JsonFields<Name, 'v4'>;
type Rows<
  Name extends OperationNameOf<'json'>,
  Key extends keyof ParsedResponseOf<Name>,
> = ParsedResponseOf<Name>[Key] extends readonly (infer Row)[] ? AsyncGenerator<Row, void> : never;

/** A page, and where the next one begins: undefined behind the last. */
interface Page<Row, Start> {
  readonly rows: readonly Row[];
  readonly next: Start | undefined;
}

/** All rows, page by page; a page is asked for when the rows before it are used up. */
async function* pages<Row, Start extends object>(
  start: Start,
  read: (start: Start) => Promise<Page<Row, Start>>,
): AsyncGenerator<Row, void> {
  for (let at: Start | undefined = start; at !== undefined;) {
    const { rows, next }: Page<Row, Start> = await read(at);
    yield* rows;
    // Otherwise such a server would be asked for ever.
    if (next !== undefined && JSON.stringify(next) === JSON.stringify(at)) {
      throw new ClientError('invalid_response', 'The server continues a listing where it began');
    }
    at = next;
  }
}

/** The current files of a bucket, and folders if there is a delimiter, by name. */
export function listFileNames(
  { api }: FilesContext,
  { startFileName, ...fields }: Fields<'b2_list_file_names'>,
  options: CallOptions = {},
): Rows<'b2_list_file_names', 'files'> {
  return pages({ startFileName }, async (start) => {
    const { files, nextFileName } = await api.listFileNames({ ...fields, ...start }, options);
    return { rows: files, next: nextFileName === null ? undefined : { startFileName: nextFileName } };
  });
}

/** All versions of the files of a bucket, by name, the newest of each name first. */
export function listFileVersions(
  { api }: FilesContext,
  { startFileName, startFileId, ...fields }: Fields<'b2_list_file_versions'>,
  options: CallOptions = {},
): Rows<'b2_list_file_versions', 'files'> {
  const first: { startFileName: string | undefined; startFileId: FileId | undefined } = { startFileName, startFileId };
  return pages(first, async (start) => {
    const { files, nextFileName, nextFileId } = await api.listFileVersions({ ...fields, ...start }, options);
    const next = { startFileName: nextFileName ?? undefined, startFileId: nextFileId ?? undefined };
    return { rows: files, next: nextFileName === null ? undefined : next };
  });
}

/** The large files of a bucket that were begun and not finished, the oldest first. */
export function listUnfinishedLargeFiles(
  { api }: FilesContext,
  { startFileId, ...fields }: Fields<'b2_list_unfinished_large_files'>,
  options: CallOptions = {},
): Rows<'b2_list_unfinished_large_files', 'files'> {
  return pages({ startFileId }, async (start) => {
    const { files, nextFileId } = await api.listUnfinishedLargeFiles({ ...fields, ...start }, options);
    return { rows: files, next: nextFileId === null ? undefined : { startFileId: nextFileId } };
  });
}

/** The parts of an unfinished large file, by number. */
export function listParts(
  { api }: FilesContext,
  { startPartNumber, ...fields }: Fields<'b2_list_parts'>,
  options: CallOptions = {},
): Rows<'b2_list_parts', 'parts'> {
  return pages({ startPartNumber }, async (start) => {
    const { parts, nextPartNumber } = await api.listParts({ ...fields, ...start }, options);
    return { rows: parts, next: nextPartNumber === null ? undefined : { startPartNumber: nextPartNumber } };
  });
}

/** The application keys of the account. */
export function listKeys(
  { api }: FilesContext,
  { startApplicationKeyId, ...fields }: Fields<'b2_list_keys'> = {},
  options: CallOptions = {},
): Rows<'b2_list_keys', 'keys'> {
  return pages({ startApplicationKeyId }, async (start) => {
    const { keys, nextApplicationKeyId } = await api.listKeys({ ...fields, ...start }, options);
    const next = nextApplicationKeyId === null ? undefined : { startApplicationKeyId: nextApplicationKeyId as string };
    return { rows: keys, next };
  });
}
