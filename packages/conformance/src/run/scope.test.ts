import { expect, it } from 'vitest';
import { customerKey } from '../model/customer-key.ts';
import { Answer } from '../wire/answer.ts';
import { Scope } from './scope.ts';

function scope(): Scope {
  const made = new Scope({ bucket: 'box', bucketId: '7', accountId: 'me', minimumPart: 100 }, 'b2/a/case');
  const headers = new Map([['etag', '"e"']]);
  made.remember('up', new Answer({ status: 200, headers, body: Buffer.from('{"fileId":"f1","size":3}') }));
  made.rememberBucket('own', 'own-name', 'own-id');
  return made;
}

it.each([
  ['{{bucket}} {{bucket.id}} {{accountId}} {{dir}}', 'box 7 me b2/a/case'],
  ['bytes={{minimumPart-5}}-{{minimumPart+6}} {{minimumPart}}', 'bytes=95-106 100'],
  ['{{key.A}}', customerKey('A').key],
  ['{{key.B.md5}}', customerKey('B').md5],
  ['{{own.bucket}} {{own.id}}', 'own-name own-id'],
  ['{{up.json.fileId}} {{up.json.size}} {{up.header.etag}}', 'f1 3 "e"'],
  ['nothing {to} fill in', 'nothing {to} fill in'],
])('fills %s in', (text, filled) => {
  expect(scope().text(text)).toBe(filled);
});

it('fills in every text of JSON', () => {
  expect(scope().json({ a: ['{{bucket}}', 1, null], b: { c: '{{dir}}', d: true } })).toEqual({
    a: ['box', 1, null],
    b: { c: 'b2/a/case', d: true },
  });
});

it.each(['{{up.json.none}}', '{{down.json.fileId}}', '{{up.header.none}}', '{{other.bucket}}'])(
  'refuses %s',
  (text) => {
    expect(() => scope().text(text)).toThrow(expect.objectContaining({ code: 'case' }));
  },
);

it('knows times by the begin of the case', () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  const later = new Scope({ bucket: 'box', bucketId: '7', accountId: 'me', minimumPart: 100 }, 'b2/a/case', now);
  expect(later.text('{{date+60}} {{date-5}} {{time+1}}')).toBe(
    `2026-01-02T03:05:05Z 2026-01-02T03:04:00Z ${now - 678 + 1000}`,
  );
});

it('makes a number of a text in JSON that is a template of one, and of no other', () => {
  expect(scope().json(['{{minimumPart}}', '{{up.json.size}}', 'a{{minimumPart}}', '{{bucket}}'])).toEqual([
    ...[100, 3, 'a100', 'box'],
  ]);
});
