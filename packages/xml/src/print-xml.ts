import type { XmlElement } from './xml-element.ts';
import { XmlError } from './xml-error.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const name = /^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/;

/** What XML 1.0 cannot express in any way (section 2.2, `Char`); without the pairs of a surrogate pair. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const illegal = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;
/** Markup, and the characters that a reader would change or drop: control characters and line ends (section 2.11). */

const escaped = /[&<>"'\t\n\r\x7f-\x9f\u2028]/g;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Text for the content of an element or the value of an attribute. Control characters become numeric references;
 * characters that XML 1.0 cannot express become U+FFFD.
 */
export function escapeXml(text: string): string {
  return text
    .replace(illegal, '\ufffd')
    .replace(escaped, (character) => entities[character] ?? `&#${character.charCodeAt(0)};`);
}

/**
 * The document with this root, without indentation. An empty element has two tags, which all clients read.
 *
 * @throws XmlError `unprintable` for a name that is none in ASCII, or an element with both text and elements.
 *
 * @example
 * ```ts
 * const document = printXml(xmlElement('Key', 'a & b'));
 * assert.equal(document, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Key>a &amp; b</Key>');
 * ```
 */
export function printXml(root: XmlElement): string {
  return declaration + printElement(root);
}

function printElement(element: XmlElement): string {
  if (element.children.length > 0 && element.text !== '') throw new XmlError('unprintable');
  const attributes = element.attributes.map(([key, value]) => ` ${checked(key)}="${escapeXml(value)}"`).join('');
  const content = element.children.length > 0 ? element.children.map(printElement).join('') : escapeXml(element.text);
  return `<${checked(element.name)}${attributes}>${content}</${element.name}>`;
}

function checked(text: string): string {
  if (!name.test(text)) throw new XmlError('unprintable');
  return text;
}
