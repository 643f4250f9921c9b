const encoder = new TextEncoder();
const loneSurrogate = /\p{Surrogate}/u;

/** Length of `text` in bytes of UTF-8. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length;
}

/** Whether `text` can be written in UTF-8: it has no lone surrogate. */
export function isWellFormed(text: string): boolean {
  return !loneSurrogate.test(text);
}

/**
 * Whether a name that a caller chose is `__proto__`. It is refused everywhere, also as a key in JSON, since many
 * operations of JavaScript take it for an object's prototype.
 */
export function isForbiddenKey(key: string): boolean {
  return key === '__proto__';
}

/** Whether `text` may be the value of a header as it is: printable ASCII. */
export function isHeaderText(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
