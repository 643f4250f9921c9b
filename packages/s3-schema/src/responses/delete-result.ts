import { xmlElement, type XmlElement } from '@coffer/xml';
import type { S3Error } from '../values/s3-error.ts';
import { document, optional } from './elements.ts';

/** What became of one object of `DeleteObjects`. */
export type DeleteOutcome =
  /** It was hidden by a new hide marker. */
  | { readonly kind: 'hidden'; readonly key: string; readonly markerId: string }
  /** One version was removed for good. */
  | { readonly kind: 'version'; readonly key: string; readonly versionId: string }
  /** A hide marker was removed. */
  | { readonly kind: 'marker'; readonly key: string; readonly versionId: string }
  | { readonly kind: 'failed'; readonly key: string; readonly versionId?: string | undefined; readonly error: S3Error };

/** `DeleteResult` (AWS docs `DeleteObjects`); quiet, it tells of failures only. */
export function deleteResultXml(outcomes: readonly DeleteOutcome[], isQuiet: boolean): XmlElement {
  const told = isQuiet ? outcomes.filter(({ kind }) => kind === 'failed') : outcomes;
  return document('DeleteResult', told.map(outcomeXml));
}

function outcomeXml(outcome: DeleteOutcome): XmlElement {
  const key = xmlElement('Key', outcome.key);
  switch (outcome.kind) {
    case 'hidden':
      return xmlElement('Deleted', [key, ...markerXml(outcome.markerId)]);
    case 'version':
      return xmlElement('Deleted', [key, xmlElement('VersionId', outcome.versionId)]);
    case 'marker':
      return xmlElement('Deleted', [key, xmlElement('VersionId', outcome.versionId), ...markerXml(outcome.versionId)]);
    case 'failed':
      return xmlElement('Error', [
        key,
        ...optional('VersionId', outcome.versionId),
        xmlElement('Code', outcome.error.code),
        xmlElement('Message', outcome.error.message),
      ]);
  }
}

function markerXml(id: string): readonly XmlElement[] {
  return [xmlElement('DeleteMarker', 'true'), xmlElement('DeleteMarkerVersionId', id)];
}
