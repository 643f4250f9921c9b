/** An element with either child elements or text. Names are local names. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const declaration = /^\uFEFF?\s*(?:<\?xml\s[^?<>]*\?>)?/;
const token =
  /<!--(?:(?!--)[^])*-->|<(\/?)([A-Za-z]\w*)((?:\s+[\w:]+\s*=\s*(?:"[^"<&]*"|'[^'<&]*'))*)\s*(\/?)>|([^<&]+)/y;
const deepest = 8;

interface OpenElement {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads the small part of XML that a configuration document needs: elements, attributes (which are ignored), text and
 * comments. Anything else (a document type, entities, CDATA, processing instructions, prefixes, mixed content, depth
 * over 8) is refused by answering undefined.
 */
export function readSmallXml(source: string): XmlElement | undefined {
  const stack: OpenElement[] = [{ name: '', children: [], text: '' }];
  let at = declaration.exec(source)?.[0].length ?? 0;
  while (at < source.length) {
    token.lastIndex = at;
    const match = token.exec(source);
    if (match === null || !apply(match, stack)) return undefined;
    at = token.lastIndex;
  }
  const [document] = stack;
  if (stack.length !== 1 || document === undefined || document.children.length !== 1) return undefined;
  return document.text.trim() === '' ? document.children[0] : undefined;
}

/** Takes one token into account; false if it cannot stand here. */
function apply(match: RegExpExecArray, stack: OpenElement[]): boolean {
  const [, closing, name, attributes, empty, text] = match;
  const current = stack.at(-1);
  if (current === undefined) return false;
  if (text !== undefined) current.text += text;
  if (name === undefined) return true;
  if (closing !== '/') return open(name, empty === '/', stack);
  return attributes === '' && empty === '' && close(name, stack);
}

function open(name: string, isEmpty: boolean, stack: OpenElement[]): boolean {
  if (stack.length > deepest) return false;
  stack.push({ name, children: [], text: '' });
  return !isEmpty || close(name, stack);
}

function close(name: string, stack: OpenElement[]): boolean {
  const element = stack.pop();
  const parent = stack.at(-1);
  if (element === undefined || parent === undefined || element.name !== name) return false;
  const isMixed = element.children.length > 0 && element.text.trim() !== '';
  parent.children.push(element);
  return !isMixed;
}
