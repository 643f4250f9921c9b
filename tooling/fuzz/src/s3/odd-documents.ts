import fc from 'fast-check';

const bombs = [
  '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;&x;">]>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
  '<?xml version="1.1"?>',
  '<?xml version="1.0" encoding="UTF-16"?>',
  '<?php x?>',
  '<!---->',
  '<![CDATA[<]]>',
  ']]>',
  '&amp;',
  '&#0;',
  '&#xD800;',
  '&#x10FFFF;',
  '&lol;',
  ...[
    '<a/>',
    '</Rule>',
    '<x:y xmlns:x="z"/>',
    '<a b="1" b="2"/>',
    'xmlns=""',
    '\u00ef\u00bb\u00bf',
    '\u0000',
    '\u00ff',
    '\u00c0\u00af',
  ],
  ...['<Object><Key>k</Key></Object>', '<Part><PartNumber>2</PartNumber><ETag>"x"</ETag></Part>', '99999', '-1', '1e3'],
];

/** Latin-1 texts, a character for each byte: what is nearly the given document. */
export function oddDocument(document: string): fc.Arbitrary<string> {
  const whole = Buffer.from(document).toString('latin1');
  const insert = fc.oneof(fc.constantFrom(...bombs), fc.string({ unit: 'binary-ascii', maxLength: 8 }));
  const place = fc.nat(whole.length);
  const changed = fc
    .array(fc.tuple(place, fc.oneof(fc.constant(0), fc.nat(12)), insert), { minLength: 1, maxLength: 3 })
    .map((changes) => {
      let text = whole;
      for (const [at, remove, put] of changes) text = text.slice(0, at) + put + text.slice(at + remove);
      return text;
    });
  const doubled = fc
    .tuple(place, place, fc.integer({ min: 2, max: 40 }))
    .map(([one, other, times]) => repeated(whole, Math.min(one, other), Math.max(one, other), times));
  const retold = fc
    .tuple(fc.constantFrom(...textsOf(whole), ''), fc.constantFrom('', ' ', '\u00e9', '0', '10001', 'x'.repeat(2000)))
    .map(([text, other]) => (text === '' ? whole : whole.replace(`>${text}<`, () => `>${other}<`)));
  const extreme = fc.constantFrom(
    '',
    '<',
    '<a>'.repeat(5000),
    '<a '.repeat(2000),
    `<a>${'&amp;'.repeat(4000)}</a>`,
    'null',
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(whole) },
    { weight: 8, arbitrary: changed },
    { weight: 2, arbitrary: doubled },
    { weight: 3, arbitrary: retold },
    extreme,
  );
}

function repeated(text: string, start: number, end: number, times: number): string {
  return text.slice(0, start) + text.slice(start, end).repeat(times) + text.slice(end);
}

function textsOf(document: string): readonly string[] {
  return [...document.matchAll(/>([^<>]+)</g)].map(([, text = '']) => text);
}
