/**
 * A text of the endpoint as terminals and XML can show it: control characters, marks that change the direction of text,
 * and half surrogate pairs are written as escapes.
 */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`);
}
