/** Name, with its prefix if there is one, and value of an attribute. */
export type XmlAttribute = readonly [name: string, value: string];

/** An element that holds either elements or text, never both. */
export interface XmlElement {
  readonly name: string;
  /** In document order. A reader leaves the declarations of namespaces out. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** Empty where there are child elements. White space is kept. */
  readonly text: string;
}

/**
 * An element with text, or with elements, in it.
 *
 * @example
 * ```ts
 * const owner = xmlElement('Owner', [xmlElement('ID', '0123456789ab')]);
 * assert.equal(owner.children[0]?.text, '0123456789ab');
 * ```
 */
export function xmlElement(
  name: string,
  content: string | readonly XmlElement[] = '',
  attributes: readonly XmlAttribute[] = [],
): XmlElement {
  return typeof content === 'string'
    ? { name, attributes, children: [], text: content }
    : { name, attributes, children: content, text: '' };
}
