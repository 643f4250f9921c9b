import { xmlElement, type XmlElement } from '@coffer/xml';
import { s3Namespace } from '../values/xml-reading.ts';

/** `Tagging` without tags, which is what every object has (AWS docs `GetObjectTagging`). */
export function noTagsXml(): XmlElement {
  return xmlElement('Tagging', [xmlElement('TagSet', [])], [['xmlns', s3Namespace]]);
}
