/**
 * Why a document was not read, or could not be written.
 *
 * - `too_long`: more bytes than the limit.
 * - `too_deep`, `too_many_elements`, `too_many_attributes`: more than the limit.
 * - `not_utf8`: bytes that are no UTF-8, or a declaration of another encoding.
 * - `not_well_formed`: no XML 1.0 document, or one with an entity that XML does not define, or with an unbound prefix.
 * - `document_type`, `processing_instruction`: the document has one; neither is ever needed, both are ways of attack.
 * - `prefixed_element`: an element whose name has a namespace prefix.
 * - `mixed_content`: an element with both text and elements in it.
 * - `unprintable`: writing only; a name that is none, or an element with both text and elements.
 */
export type XmlErrorCode =
  | 'too_long'
  | 'too_deep'
  | 'too_many_elements'
  | 'too_many_attributes'
  | 'not_utf8'
  | 'not_well_formed'
  | 'document_type'
  | 'processing_instruction'
  | 'prefixed_element'
  | 'mixed_content'
  | 'unprintable';

const messages: Readonly<Record<XmlErrorCode, string>> = {
  too_long: 'The document is longer than allowed',
  too_deep: 'The elements of the document are nested more deeply than allowed',
  too_many_elements: 'The document has more elements than allowed',
  too_many_attributes: 'An element has more attributes than allowed',
  not_utf8: 'The document is not UTF-8',
  not_well_formed: 'The document is not well-formed XML',
  document_type: 'A document type declaration is not allowed',
  processing_instruction: 'A processing instruction is not allowed',
  prefixed_element: 'An element with a namespace prefix is not allowed',
  mixed_content: 'An element must not hold both text and elements',
  unprintable: 'The element cannot be written as XML',
};

/** A document that was refused. The message never quotes the document. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
  readonly code: XmlErrorCode;

  constructor(code: XmlErrorCode) {
    super(messages[code]);
    this.code = code;
  }
}
