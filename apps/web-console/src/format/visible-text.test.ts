import { describe, expect, it } from 'vitest';
import { hasHiddenCharacters, visibleText } from './visible-text.ts';

describe('text that a user chose', () => {
  it.each([
    ['plain text.txt', 'plain text.txt'],
    ['grüße/日本語/😀.txt', 'grüße/日本語/😀.txt'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['invoice\u202efdp.exe', 'invoice\\u{202e}fdp.exe'],
    ['a\u0000b\u001bc\u007f', 'a\\u{0}b\\u{1b}c\\u{7f}'],
    ['a\u2028b', 'a\\u{2028}b'],
    ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
    ['no\u00a0break', 'no\\u{a0}break'],
    ['\ud800', '\\u{d800}'],
    ['trailing ', 'trailing\\u{20}'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
    expect(hasHiddenCharacters(text)).toBe(text !== shown);
  });
});
