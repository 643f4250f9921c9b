/** Writes a word for a POSIX shell; quotes it only if needed. What is in the word is never anything but text. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
