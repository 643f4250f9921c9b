const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Control characters but tabs and line feeds, marks of direction and the like, and separators of lines. */
const unseen = /(?![\t\n])[\p{C}\p{Zl}\p{Zp}]/gu;

/** A piece of HTML. */
export class Markup {
  readonly #text: string;

  /** Takes the text as it is: only for {@link markup}, which escapes, and for what this package wrote itself. */
  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

type Value = string | number | Markup | readonly Markup[];

/** Makes HTML; a value is a text, which is escaped, or other HTML. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(strings.map((string, at) => string + printed(values[at] ?? '')).join(''));
}

function printed(value: Value): string {
  if (value instanceof Markup) return value.toString();
  return typeof value === 'object' ? value.join('') : escaped(String(value));
}

/** A text as HTML shows it, in an element or a quoted attribute. What would not be seen is written as an escape. */
function escaped(text: string): string {
  return text
    .replace(unseen, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"']/g, (mark) => escapes[mark] ?? '');
}
