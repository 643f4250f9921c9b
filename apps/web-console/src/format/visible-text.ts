/**
 * A text that a user chose, made so that everything in it can be seen: control characters and characters that reorder
 * or hide text stand as `\u{…}`, because a name such as `invoice\u{202e}fdp.exe` would otherwise be read as another.
 */
export function visibleText(text: string): string {
  return text.replace(hidden, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Whether {@link visibleText} changes the text. */
export function hasHiddenCharacters(text: string): boolean {
  hidden.lastIndex = 0;
  return hidden.test(text);
}

// Controls, formats (such as marks of direction and zero-width characters), line and paragraph separators, surrogates
// without their other half, private use and unassigned characters, and spaces other than the usual one. Joiners between
// letters of a script that needs them are formats, too: they are shown as they are.
const hidden = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]|(?! )\p{Zs}|^ +| +$/gu;
