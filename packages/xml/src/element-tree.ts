import type { XmlAttribute, XmlElement } from './xml-element.ts';
import { XmlError } from './xml-error.ts';
import { defaultMaxDepth, defaultMaxElements, type XmlLimits } from './xml-limits.ts';

interface OpenElement {
  readonly name: string;
  readonly attributes: XmlAttribute[];
  readonly children: XmlElement[];
  text: string;
}

/** Builds the tree from what the parser meets, in its order, and holds the limits that concern the tree. */
export class ElementTree {
  readonly #maxDepth: number;
  readonly #maxElements: number;
  readonly #open: OpenElement[] = [];
  #root: XmlElement | undefined;
  #elements = 0;

  constructor({ maxDepth = defaultMaxDepth, maxElements = defaultMaxElements }: XmlLimits) {
    this.#maxDepth = maxDepth;
    this.#maxElements = maxElements;
  }

  /** The whole document; undefined until its end. */
  get root(): XmlElement | undefined {
    return this.#root;
  }

  open(name: string): void {
    if (name.includes(':')) throw new XmlError('prefixed_element');
    if (this.#open.length >= this.#maxDepth) throw new XmlError('too_deep');
    if (this.#elements >= this.#maxElements) throw new XmlError('too_many_elements');
    this.#elements++;
    this.#open.push({ name, attributes: [], children: [], text: '' });
  }

  attribute(name: string, value: string): void {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) this.#open.at(-1)?.attributes.push([name, value]);
  }

  /** White space around the root belongs to nothing. */
  text(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }

  close(): void {
    const element = this.#open.pop();
    if (element === undefined) throw new XmlError('not_well_formed');
    const closed = element.children.length === 0 ? element : withoutText(element);
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = closed;
    else parent.children.push(closed);
  }
}

const space = /^[ \t\r\n]*$/;

/** Between elements there is only indentation. */
function withoutText(element: OpenElement): OpenElement {
  if (!space.test(element.text)) throw new XmlError('mixed_content');
  return { ...element, text: '' };
}
