export { XmlError, type XmlErrorCode } from './xml-error.ts';
export { xmlElement, type XmlAttribute, type XmlElement } from './xml-element.ts';
export type { XmlLimits } from './xml-limits.ts';
export { parseXml, XmlReader } from './xml-reader.ts';
export { escapeXml, printXml } from './print-xml.ts';
