import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing/refusal.ts';
import { parsePartHeaders } from './part-headers.ts';

const parse = (text: string) => parsePartHeaders(new TextEncoder().encode(text));
const named = 'Content-Disposition: form-data; name="a"';

describe('the headers of a part', () => {
  it.each([
    [named, 'a', undefined],
    ['content-disposition:FORM-DATA;NAME=a', 'a', undefined],
    ['Content-Disposition: form-data ;\tname="a";filename=""  ', 'a', ''],
    ['Content-Disposition: form-data; filename="ü€.png"; name="a b;c=d"', 'a b;c=d', 'ü€.png'],
    ['Content-Disposition: form-data; name="a"; filename="a \\"b\\" \\\\ c"', 'a', 'a "b" \\ c'],
    // As browsers of old sent it, and as browsers of today send a quote.
    ['Content-Disposition: form-data; name="a"; filename="C:\\photos\\b.png"', 'a', 'C:\\photos\\b.png'],
    ['Content-Disposition: form-data; name="a"; filename="%22b%22"', 'a', '%22b%22'],
    ["Content-Disposition: form-data; name=a; filename*=UTF-8''b; size=7", 'a', undefined],
    [`Content-Type: text/plain; charset=x\r\n${named}\r\nX-Other: \u00ff`, 'a', undefined],
    [`${named}\r\nContent-Transfer-Encoding: Binary`, 'a', undefined],
  ])('%j', (text, name, fileName) => {
    expect(parse(text)).toEqual({ name, fileName });
  });

  it.each([
    '',
    'Content-Type: text/plain',
    'Content-Disposition: attachment; name="a"',
    'Content-Disposition: form-data',
    'Content-Disposition: form-data; filename="a"',
    'Content-Disposition: form-data; name="a"; NAME="b"',
    'Content-Disposition: form-data; name="a',
    'Content-Disposition: form-data; name="a" filename="b"',
    'Content-Disposition: form-data; name="a";',
    'Content-Disposition: form-data; name=a b',
    'Content-Disposition: form-data; =a',
    `${named}\r\n${named}`,
    `${named}\r\n folded`,
    `${named}\r\n`,
    `${named}\nX: a`,
    `${named}\r\nX y: a`,
    `${named}\r\nX: \0`,
    `${named}\r\nContent-Transfer-Encoding: base64`,
    'Content-Disposition: form-data; name=""; filename="f"',
  ])('%j is refused', (text) => {
    expect(refusalOf(() => parse(text)).code).toBe('MalformedPOSTRequest');
  });

  it('takes time that is linear in its length', () => {
    const spaces = ' '.repeat(20_000);
    for (const text of [`${named}${spaces}`, `${named}; b="${'\\'.repeat(20_001)}`, `X:${spaces}x${spaces}`])
      refusalOf(() => parse(`${text}\0`));
  });
});
