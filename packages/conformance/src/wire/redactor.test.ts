import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { Redactor } from './redactor.ts';

const secret = 'K005x+/a&<"Zq9~é=Wn3';
const key = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + 11) % 256)).toString('base64');

function redactorOf(...secrets: readonly string[]): Redactor {
  const redactor = new Redactor();
  for (const one of secrets) redactor.learn(one);
  return redactor;
}

const hexOf = (text: string): string => Buffer.from(text).toString('hex');

it.each([
  ['itself', secret],
  ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ['in JSON, with escapes that need not be', secret.replaceAll('/', '\\/').replaceAll('+', '\\u002B')],
  ['percent-encoded', encodeURIComponent(secret)],
  ['percent-encoded in small letters', encodeURIComponent(secret).toLowerCase()],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(secret))],
  [
    'in XML',
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#x22;').replaceAll('+', '&#43;'),
  ],
  ['in hex', hexOf(secret)],
  [
    'in hex with spaces, as S3 shows what it signs',
    hexOf(secret)
      .toUpperCase()
      .replaceAll(/(..)(?!$)/g, '$1 '),
  ],
])('finds a secret %s', (_, form) => {
  expect(redactorOf(secret).text(`before ${form} behind`)).toBe('before [redacted] behind');
});

test.prop([fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), fc.constantFrom('base64', 'base64url')])(
  'finds a secret in the base64 of any text that has it, and takes all of that base64 out',
  (before, behind, encoding) => {
    const form = Buffer.from(`${before}${secret}${behind}`).toString(encoding);
    expect(redactorOf(secret).text(`Basic ${form}; rest`)).toBe('Basic [redacted]; rest');
  },
);

it('finds the bytes of a customer key, and leaves its MD5', () => {
  const redactor = redactorOf(key);
  const bytes = Buffer.from(key, 'base64');
  expect(redactor.bytes(`a${bytes.toString('latin1')}z`, 100)).toBe('a[redacted]z');
  expect(redactor.text(`${bytes.toString('hex')} ${encodeURIComponent(key)}`)).toBe('[redacted] [redacted]');
  expect(redactor.text('md5 1B2M2Y8AsgTpgAmY7PhCfg==')).toBe('md5 1B2M2Y8AsgTpgAmY7PhCfg==');
});

test.prop([fc.nat(60), fc.nat(60)])(
  'shows no part of a secret that lies across the end of what is wanted',
  (before, wanted) => {
    const shown = redactorOf('sixteen-letters!').bytes(`${'.'.repeat(before)}sixteen-letters!rest`, wanted);
    expect(shown).not.toMatch(/six|ers!/);
    expect(shown.replace('[redacted]', '').length).toBeLessThanOrEqual(wanted);
  },
);

it('takes a secret out that is longer than what is searched for, up to the end of the value', () => {
  const long = Array.from({ length: 2000 }, (_, at) => String.fromCharCode(97 + ((at * at) % 23))).join('');
  expect(redactorOf(long).text(`"token": "${long}", "next": 1`)).toBe('"token": "[redacted]", "next": 1');
});

it('takes overlapping secrets out together, and lets short ones be', () => {
  const redactor = redactorOf('abcdefgh', 'efghijkl', 'is');
  expect(redactor.text('this abcdefghijkl is')).toBe('this [redacted] is');
});

it('shows nothing any more to an endpoint that gives secrets without end', () => {
  const redactor = redactorOf(...Array.from({ length: 201 }, (_, at) => `secret-${at}`));
  expect(redactor.text('anything')).toBe('[redacted]');
});

test.prop([fc.string({ unit: 'grapheme' })])('leaves a text without secrets as it is', (text) => {
  fc.pre(!text.includes(secret));
  expect(redactorOf(secret).text(text)).toBe(Buffer.from(text).toString());
});
