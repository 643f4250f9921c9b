import { parsePartNumber } from '../values/integers.ts';
import { invalidArgument, invalidRequest } from '../values/s3-error.ts';
import { field, fieldOr, readerOf, textField, type Reader } from './wire-fields.ts';

/** The headers of an answer that a signed request may set (AWS docs `GetObject`). */
export const overrideHeaders = {
  'response-cache-control': 'Cache-Control',
  'response-content-disposition': 'Content-Disposition',
  'response-content-encoding': 'Content-Encoding',
  'response-content-language': 'Content-Language',
  'response-content-type': 'Content-Type',
  'response-expires': 'Expires',
} as const;

/** The name of such a query parameter. */
export type OverrideName = keyof typeof overrideHeaders;

/** Tabs, and the printable characters that a header can carry, a byte each. */
const headerText = /^[\t\x20-\x7e\xa0-\xff]*$/;

/** The syntax of the id is checked with `checkVersionId`. */
const versionId = field('versionId', (text) => {
  if (text !== '') return text;
  throw invalidArgument('versionId', 'Version id cannot be the empty string', text);
});

/** By the name of the header in the answer. */
const overrideFields = readerOf(
  Object.fromEntries(
    Object.entries(overrideHeaders).map(([parameter, header]) => [
      header,
      field(parameter, (value) => checkHeaderText(parameter, value)),
    ]),
  ),
);

/** Of operations on one version. */
export const versionQuery = readerOf({ versionId });

/** Of operations that read nothing from the query. */
export const noQuery: Reader<Record<string, never>> = () => ({});

/** Of operations on one upload. */
export const uploadQuery = readerOf({ uploadId: textField('uploadId') });

/** AWS docs `UploadPart`. */
export const partQuery = readerOf({
  uploadId: textField('uploadId'),
  partNumber: fieldOr('partNumber', 0, parsePartNumber),
});

const readFields = readerOf({ versionId, partNumber: field('partNumber', parsePartNumber) });

/** AWS docs `GetObject`, `HeadObject`. */
export const readQuery: Reader<{
  readonly versionId: string | undefined;
  readonly partNumber: number | undefined;
  /** Headers to set in the answer, by name. */
  readonly overrides: Readonly<Record<string, string>>;
}> = (source) => {
  const { versionId: version, partNumber } = readFields(source);
  const given = Object.entries(overrideFields(source)).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return { versionId: version, partNumber, overrides: Object.fromEntries(given) };
};

function checkHeaderText(name: string, value: string): string {
  if (headerText.test(value)) return value;
  throw invalidArgument(name, 'Header value cannot be represented using ISO-8859-1.');
}

/**
 * Refuses what a reader may not combine: a range of a part, and setting headers without signing for it.
 *
 * @throws S3Error `InvalidRequest`
 */
export function checkReadQuery(
  query: ReturnType<typeof readQuery>,
  { range, isAnonymous }: { readonly range: string | undefined; readonly isAnonymous: boolean },
): void {
  if (isAnonymous && Object.keys(query.overrides).length > 0) {
    throw invalidRequest('Request specific response headers cannot be used for anonymous GET requests.');
  }
  if (query.partNumber !== undefined && range !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
}
