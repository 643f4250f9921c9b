import type { CallOptions, TestServer } from '../test-server.ts';

/** A row of a listing of versions, as far as it is compared. */
export interface ListedVersion {
  readonly name: string;
  readonly fileId: string | null;
  readonly timestamp: number;
  readonly action: string;
  readonly size: number;
  /** What is said of encryption and locks; of hide markers and folders nothing is. */
  readonly mode?: string | null;
  readonly fileRetention?: unknown;
  readonly legalHold?: unknown;
}

/** The names of all pages, in small ones. */
export async function listNames(server: TestServer, listing: object): Promise<string[]> {
  const rows: string[] = [];
  for (let startFileName: string | null = ''; typeof startFileName === 'string';) {
    const page: { files: { fileName: string }[]; nextFileName: string | null } = await server.ok('b2_list_file_names', {
      ...listing,
      maxFileCount: 2,
      ...(startFileName === '' ? {} : { startFileName }),
    });
    rows.push(...page.files.map(({ fileName }) => fileName));
    startFileName = page.nextFileName;
  }
  return rows;
}

/** The rows of all pages. */
export async function listVersions(
  server: TestServer,
  listing: { readonly maxFileCount: number; readonly bucketId: string },
  options: CallOptions = {},
): Promise<ListedVersion[]> {
  const rows: ListedVersion[] = [];
  let start: { startFileName?: string | null; startFileId?: string | null } | undefined = {};
  while (start !== undefined) {
    const fields = { ...listing, ...start };
    const page: Page = await server.ok('b2_list_file_versions', fields, options);
    rows.push(...page.files.map(rowOf));
    const { nextFileName: startFileName, nextFileId: startFileId } = page;
    start = startFileName === null ? undefined : { startFileName, startFileId };
  }
  return rows;
}

type Page = Awaited<ReturnType<typeof TestServer.prototype.ok<'b2_list_file_versions'>>>;

function rowOf(file: Page['files'][number]): ListedVersion {
  const { fileName: name, fileId, uploadTimestamp: timestamp, action, contentLength: size } = file;
  const shown = { name, fileId, timestamp, action, size };
  if (!('serverSideEncryption' in file)) return shown;
  const { fileRetention, legalHold, serverSideEncryption } = file;
  return { ...shown, mode: serverSideEncryption.mode, fileRetention, legalHold };
}
