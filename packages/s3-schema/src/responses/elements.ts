import { xmlElement, type XmlElement } from '@coffer/xml';
import { checksumAlgorithms, printChecksumValue, type Checksum, type ChecksumType } from '../values/checksum.ts';
import { formatXmlDate } from '../values/dates.ts';
import { printEtag } from '../values/etag.ts';
import { encodeListed } from '../values/percent-encoding.ts';
import { s3Namespace } from '../values/xml-reading.ts';

/** What an element is made from; undefined makes none. */
export type ElementValue = string | number | boolean | undefined;

/** The element, or none. */
export function optional(name: string, value: ElementValue): readonly XmlElement[] {
  return value === undefined ? [] : [xmlElement(name, String(value))];
}

/** The element, empty if there is no value. */
export function always(name: string, value: ElementValue): XmlElement {
  return xmlElement(name, value === undefined ? '' : String(value));
}

/** A document of the service. */
export function document(name: string, children: readonly XmlElement[]): XmlElement {
  return xmlElement(name, children, [['xmlns', s3Namespace]]);
}

/** An instant; milliseconds since the epoch. */
export function dateXml(name: string, ms: number): XmlElement {
  return xmlElement(name, formatXmlDate(ms));
}

/** An entity tag, in quotes. */
export function etagXml(etag: string): XmlElement {
  return xmlElement('ETag', printEtag(etag));
}

/** The value of a checksum. */
export function checksumXml(checksum: Checksum | undefined): readonly XmlElement[] {
  if (checksum === undefined) return [];
  return [xmlElement(checksumAlgorithms[checksum.algorithm].element, printChecksumValue(checksum))];
}

/** A checksum and how it came about. */
export function typedChecksumXml(
  checksum: Checksum | undefined,
  type: ChecksumType | undefined,
): readonly XmlElement[] {
  return [...checksumXml(checksum), ...optional('ChecksumType', type)];
}

/** How the keys of a list are written. */
export type KeyEncoding = 'url' | undefined;

/** A key or prefix of a list. */
export function listed(encoding: KeyEncoding, text: string): string {
  return encoding === 'url' ? encodeListed(text) : text;
}

/** The names that keys of a list were rolled up to. */
export function commonPrefixesXml(encoding: KeyEncoding, prefixes: readonly string[]): readonly XmlElement[] {
  return prefixes.map((prefix) => xmlElement('CommonPrefixes', [xmlElement('Prefix', listed(encoding, prefix))]));
}
