import { parseXml, type XmlElement } from '@coffer/xml';
import { ConformanceError } from '../model/conformance-error.ts';
import { printable } from './printable.ts';
import type { WireAnswer } from './transport.ts';

/** What a header or a field holds; undefined where it is not there. */
export type Found = string | number | boolean | null | undefined;

/** An answer whose documents are read when they are asked for. */
export class Answer implements WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  #json: unknown;
  #xml: XmlElement | undefined;

  constructor({ status, headers, body }: WireAnswer) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** Error code of B2's JSON or of S3's XML; undefined where there is neither. */
  get code(): string | undefined {
    const code = this.json('code') ?? this.xml('Code');
    return typeof code === 'string' ? code : undefined;
  }

  /** The value at a path of the JSON; an object or a list there is given as JSON. */
  json(path: string): Found {
    this.#json ??= parsedJson(this.body);
    let value: unknown = this.#json;
    for (const name of path.split('.')) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = Object.getOwnPropertyDescriptor(value, name)?.value;
    }
    return value === undefined || value === null || typeof value !== 'object'
      ? (value as Found)
      : JSON.stringify(value);
  }

  /** The root of the XML; undefined where there is none. */
  get root(): XmlElement | undefined {
    return (this.#xml ??= parsedXml(this.body));
  }

  /** The text at a path below the root of the XML, by the first element of each name. */
  xml(path: string): string | undefined {
    let element = this.root;
    for (const name of path.split('.')) element = element?.children.find((child) => child.name === name);
    return element?.text;
  }
}

function parsedJson(body: Uint8Array): unknown {
  // What does not begin an object is content or XML.
  if (body[0] !== 0x7b) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function parsedXml(body: Uint8Array): XmlElement | undefined {
  if (body[0] !== 0x3c) return undefined;
  try {
    return parseXml(body, { maxBytes: 4 * 1024 * 1024 });
  } catch {
    return undefined;
  }
}

/** Codes are words. Of a longer text nothing is shown, since a secret that is cut would not be recognized. */
const longestCode = 100;

/** What the run needed, and the endpoint refused. */
export function refused(what: string, { status, code = 'no code' }: Answer): ConformanceError {
  const shown = code.length > longestCode ? `with a code of ${code.length} characters` : printable(code);
  return new ConformanceError('setup', `${what} was refused: ${status} ${shown}`);
}
