import type { XmlElement } from '@coffer/xml';
import { parseEtag } from '../values/etag.ts';
import { maxDeleteCount } from '../values/limits.ts';
import { S3Error } from '../values/s3-error.ts';
import {
  allChildren,
  booleanOf,
  childrenOf,
  expectRoot,
  malformedXml,
  textOf,
  verbatimTextOf,
} from '../values/xml-reading.ts';

/** One object of `DeleteObjects`: hidden, or one version of it removed. */
export interface DeleteEntry {
  /** As in the document; an impossible key or id is refused for itself, not with the whole request. */
  readonly key: string;
  readonly versionId: string | undefined;
  /** Without quotes; the current version must have it. */
  readonly ifMatch: string | undefined;
}

/** What `DeleteObjects` asks for. */
export interface DeleteRequest {
  /** Whether only failures are answered. */
  readonly isQuiet: boolean;
  readonly entries: readonly DeleteEntry[];
}

/**
 * Reads a `Delete` (AWS docs `DeleteObjects`).
 *
 * @throws S3Error `MalformedXML`, or `NotImplemented` for conditions that this server does not check.
 */
export function readDelete(root: XmlElement): DeleteRequest {
  expectRoot(root, 'Delete');
  const objects = allChildren(root, 'Object');
  const [quiet, ...more] = allChildren(root, 'Quiet');
  const known = objects.length + (quiet === undefined ? 0 : 1);
  if (known < root.children.length || more.length > 0) throw malformedXml();
  if (objects.length === 0 || objects.length > maxDeleteCount) throw malformedXml();
  return { isQuiet: quiet !== undefined && booleanOf(quiet), entries: objects.map(readEntry) };
}

function readEntry(element: XmlElement): DeleteEntry {
  const found = childrenOf(element, ['Key', 'VersionId', 'ETag', 'LastModifiedTime', 'Size']);
  if (found.Key === undefined) throw malformedXml();
  if (found.LastModifiedTime !== undefined || found.Size !== undefined) {
    throw new S3Error('NotImplemented', { message: 'Deleting by time or size is not supported' });
  }
  const versionId = found.VersionId === undefined ? '' : textOf(found.VersionId);
  return {
    key: verbatimTextOf(found.Key),
    versionId: versionId === '' ? undefined : versionId,
    ifMatch: found.ETag === undefined ? undefined : parseEtag(textOf(found.ETag)),
  };
}
