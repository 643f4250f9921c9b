import { expect, it } from 'vitest';
import { judgeReading } from './read-back.ts';
import { randomContent } from './specimens.ts';

const content = randomContent('content', 500);
const wrong = Buffer.from(content).fill(0, 100, 101);
const ok = { status: 200, ok: true, code: undefined, cut: false };
const range = { first: 90, last: 119 };

it.each([
  ['all of it', { ...ok, body: content }, undefined, 'unharmed'],
  ['a refusal', { ...ok, status: 500, ok: false, body: content }, undefined, 'detected'],
  ['right bytes that end early', { ...ok, body: content.subarray(0, 50), cut: true }, undefined, 'detected'],
  ['a wrong byte before it ends early', { ...ok, body: wrong.subarray(0, 120), cut: true }, undefined, 'wrong bytes'],
  ['a wrong byte', { ...ok, body: wrong }, undefined, 'wrong bytes'],
  ['less, as if it were all', { ...ok, body: content.subarray(0, 499) }, undefined, 'wrong bytes'],
  ['nothing, as if it were all', { ...ok, body: new Uint8Array() }, undefined, 'wrong bytes'],
  ['more', { ...ok, body: Buffer.concat([content, Buffer.alloc(1)]) }, undefined, 'wrong bytes'],
  ['a right range', { ...ok, status: 206, body: content.subarray(90, 120) }, range, 'unharmed'],
  ['a wrong range', { ...ok, status: 206, body: wrong.subarray(90, 120) }, range, 'wrong bytes'],
  ['all of it instead of a range', { ...ok, body: content }, range, 'unharmed'],
])('%s is %4$s', (_, reading, asked, outcome) => {
  expect(judgeReading(reading, content, asked).outcome).toBe(outcome);
});
