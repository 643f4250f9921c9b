import { expect, it } from 'vitest';
import { SentBytes } from './sent-bytes.ts';

it('counts what is stored and what is on its way, each byte once', () => {
  const sent = new SentBytes();
  const [first, second] = [sent.watch(100), sent.watch(100)];
  first.onSent(60);
  second.onSent(30);
  expect([sent.bytes, sent.takeSent()]).toEqual([90, 90]);
  first.onSent(100);
  sent.stored(100);
  expect([sent.bytes, sent.takeSent()]).toEqual([130, 40]);
  // Broken off, and sent again.
  second.onSent(0);
  expect(sent.bytes).toBe(100);
  second.onSent(100);
  sent.stored(200);
  expect([sent.bytes, sent.takeSent()]).toEqual([200, 100]);
});

it('counts parts that were there already as stored, not as sent', () => {
  const sent = new SentBytes();
  const body = sent.watch(100);
  sent.stored(100);
  sent.stored(200);
  expect([sent.bytes, sent.takeSent()]).toEqual([200, 0]);
  body.onSent(50);
  expect([sent.bytes, sent.takeSent()]).toEqual([250, 50]);
});
