import { invalidArgument } from './s3-error.ts';

/** Whether a text can be the id of a version; the server that makes the ids knows. */
export type VersionIdSyntax = (text: string) => boolean;

/**
 * Checks the `versionId` of a request. `null`, the version of a bucket without versions, passes: it never exists here.
 *
 * @throws S3Error `InvalidArgument`
 */
export function checkVersionId(text: string, isVersionId: VersionIdSyntax): string {
  if (text === '') throw invalidArgument('versionId', 'Version id cannot be the empty string', text);
  if (text === 'null' || isVersionId(text)) return text;
  throw invalidArgument('versionId', 'Invalid version id specified', text);
}
