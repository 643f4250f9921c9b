import { expect, it } from 'vitest';
import { Answer, refused } from './answer.ts';
import { printable } from './printable.ts';

it('writes what a terminal would obey as escapes, and nothing else', () => {
  expect(printable('\u001b[31mred\u001b[0m\n\u009b2J\u202e\ud800')).toBe(
    '\\u{1b}[31mred\\u{1b}[0m\\u{a}\\u{9b}2J\\u{202e}\\u{d800}',
  );
  expect(printable('naïve "日本" 🔑 <x>')).toBe('naïve "日本" 🔑 <x>');
});

it('is how a code is shown in an error', () => {
  const body = new TextEncoder().encode(JSON.stringify({ code: 'bad\u001b]0;title\u0007' }));
  const error = refused('CreateBucket', new Answer({ status: 400, headers: new Map(), body }));
  expect(error.message).toBe('CreateBucket was refused: 400 bad\\u{1b}]0;title\\u{7}');
});
