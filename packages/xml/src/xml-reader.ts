import { SaxesParser } from 'saxes';
import { ElementTree } from './element-tree.ts';
import type { XmlElement } from './xml-element.ts';
import { XmlError } from './xml-error.ts';
import { maxAttributes, type XmlLimits } from './xml-limits.ts';

// The version is forced, so that a document cannot choose the character set of XML 1.1.
const options = { xmlns: true, position: false, defaultXMLVersion: '1.0', forceXMLVersion: true } as const;
const encodings = /^utf-?8$/i;

/**
 * Reads one document piece by piece (XML 1.0, fifth edition, and Namespaces in XML 1.0), so that a long one need not be
 * parsed in one turn of the event loop. Any default namespace, or none, is taken. Time is linear in the bytes.
 *
 * Refused besides what is not well-formed: a document type, processing instructions, entities other than the five of
 * XML, prefixed elements, and elements with both text and elements in them. Comments are skipped.
 */
export class XmlReader {
  readonly #maxBytes: number;
  readonly #tree: ElementTree;
  readonly #parser = new SaxesParser(options);
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #bytes = 0;

  constructor(limits: XmlLimits) {
    this.#maxBytes = limits.maxBytes;
    this.#tree = new ElementTree(limits);
    listen(this.#parser, this.#tree);
  }

  /**
   * Takes the next bytes of the document.
   *
   * @throws XmlError as soon as the document is known to be bad; the reader must not be used afterwards.
   */
  write(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#maxBytes) throw new XmlError('too_long');
    this.#parser.write(this.#decode(piece));
  }

  /**
   * The document, which ends here.
   *
   * @throws XmlError if it is bad, or not complete.
   */
  end(): XmlElement {
    this.#parser.write(this.#decode()).close();
    const { root } = this.#tree;
    if (root === undefined) throw new XmlError('not_well_formed');
    return root;
  }

  #decode(piece?: Uint8Array): string {
    try {
      return piece === undefined ? this.#decoder.decode() : this.#decoder.decode(piece, { stream: true });
    } catch {
      throw new XmlError('not_utf8');
    }
  }
}

/**
 * Reads a whole document, of bytes or text. See {@link XmlReader} for what is refused.
 *
 * @throws XmlError
 *
 * @example
 * ```ts
 * const root = parseXml('<Tag><Key>a &amp; b</Key></Tag>', { maxBytes: 1024 });
 * assert.equal(root.children[0]?.text, 'a & b');
 * ```
 */
export function parseXml(source: string | Uint8Array, limits: XmlLimits): XmlElement {
  const reader = new XmlReader(limits);
  // UTF-8 is never shorter than the text, and a long text need not be encoded to be refused.
  if (source.length > limits.maxBytes) throw new XmlError('too_long');
  reader.write(typeof source === 'string' ? new TextEncoder().encode(source) : source);
  return reader.end();
}

function listen(parser: SaxesParser<typeof options>, tree: ElementTree): void {
  let attributes = 0;
  parser.on('error', () => {
    throw new XmlError('not_well_formed');
  });
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    if (!encodings.test(encoding)) throw new XmlError('not_utf8');
  });
  parser.on('doctype', () => {
    throw new XmlError('document_type');
  });
  parser.on('processinginstruction', () => {
    throw new XmlError('processing_instruction');
  });
  parser.on('opentagstart', ({ name }) => {
    attributes = 0;
    tree.open(name);
  });
  parser.on('attribute', ({ name, value }) => {
    if (++attributes > maxAttributes) throw new XmlError('too_many_attributes');
    tree.attribute(name, value);
  });
  parser.on('closetag', () => {
    tree.close();
  });
  parser.on('text', (text) => {
    tree.text(text);
  });
  parser.on('cdata', (text) => {
    tree.text(text);
  });
}
