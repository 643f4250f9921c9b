import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from './strict-json.ts';

const valueOf = (text: string): unknown => {
  const read = parseStrictJson(text);
  if (!read.ok) throw new Error(`${read.problem} at ${read.path}`);
  return read.value;
};

/** What `JSON.parse` says of a text: its value, or that there is none. */
function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** The text of a value in which every key is written `times` times. */
function withKeys(value: unknown, times: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => withKeys(each, times)).join()}]`;
  const members = Object.entries(value).flatMap(([key, each]) =>
    Array.from({ length: times }, () => `${JSON.stringify(key)}:${withKeys(each, times)}`),
  );
  return `{${members.join()}}`;
}

function hasKey(value: unknown, isMeant: (key: string) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, each]) => (!Array.isArray(value) && isMeant(key)) || hasKey(each, isMeant));
}

const isProto = (key: string) => key === '__proto__';
const anyJson = fc.json({ maxDepth: 6, stringUnit: 'binary' });

describe('parseStrictJson', () => {
  it('reads what JSON.parse reads, unless a key is __proto__', () => {
    fc.assert(
      fc.property(anyJson, (text) => {
        const value: unknown = JSON.parse(text);
        if (hasKey(value, isProto)) expect(parseStrictJson(text)).toMatchObject({ problem: 'forbidden_key' });
        else expect(parseStrictJson(text)).toEqual({ ok: true, value });
      }),
    );
  });

  it('refuses a key that comes twice, wherever it is', () => {
    fc.assert(
      fc.property(anyJson, (text) => {
        const value: unknown = JSON.parse(text);
        fc.pre(hasKey(value, () => true) && !hasKey(value, isProto));
        expect(parseStrictJson(withKeys(value, 1))).toEqual({ ok: true, value });
        expect(parseStrictJson(withKeys(value, 2))).toMatchObject({ ok: false, problem: 'duplicate_key' });
      }),
    );
  });

  it('refuses what JSON.parse refuses, and throws for no text', () => {
    const pieces = fc.oneof(
      fc.constantFrom(...Array.from('{}[],:"\\ \n0-1.eEtruefalsn/')),
      fc.constantFrom('"a"', '"a":', '\\u0061', '\\"', '{"a":1}', '\ud800'),
    );
    const almostJson = fc.array(pieces, { maxLength: 12 }).map((each) => each.join(''));
    const broken = fc.tuple(anyJson, fc.nat(), pieces).map(([text, at, piece]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(place + 1);
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), almostJson, broken), (text) => {
        const expected = parsed(text);
        const read = parseStrictJson(text);
        if (expected === undefined) expect(read.ok).toBe(false);
        else if (read.ok) expect(read.value).toEqual(expected.value);
        else expect(read.problem).not.toBe('syntax');
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['{"a":1,"a":1}', 'duplicate_key', 'a'],
    ['{"a":1,"\\u0061":2}', 'duplicate_key', 'a'],
    [' { "a" : { "b" : [ 0 , { "c" : 1 , "c" : 2 } ] } } ', 'duplicate_key', 'a.b[1].c'],
    ['[[],[{"x":"}","y":"\\"{,","x":0}]]', 'duplicate_key', '[1][0].x'],
    ['{"":1,"":2}', 'duplicate_key', ''],
    ['{"a":{"__proto__":{}}}', 'forbidden_key', 'a.__proto__'],
    ['{"\\u005f_proto__":1}', 'forbidden_key', '__proto__'],
    [`{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 'too_deep', `a${'[0]'.repeat(63)}`],
    [`{"${'k'.repeat(1000)}":1,"${'k'.repeat(1000)}":2}`, 'duplicate_key', 'k'.repeat(64)],
  ])('says of %s: %s at %s', (text, problem, path) => {
    expect(parseStrictJson(text)).toMatchObject({ ok: false, problem, path });
  });

  it.each([
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a","constructor":1,"prototype":2,"__proto":3}',
    '{"a":["a","a",",","{"],"\\\\":"\\\\","\\"":"\\""}',
    '"a"',
    'null',
    '  1e3  ',
    `${'['.repeat(64)}${']'.repeat(64)}`,
  ])('takes %s', (text) => {
    expect(valueOf(text)).toEqual(JSON.parse(text));
  });

  it.each([
    '',
    ' ',
    '{',
    '"',
    '"\\"',
    '{"a',
    '{"a\\"',
    '{"a":1',
    '}',
    ']]',
    ',',
    '{,}',
    '{"\\x":1}',
    '{"a":1}}',
    '[1}',
  ])('says that %j is not JSON', (text) => {
    expect(parseStrictJson(text)).toEqual({ ok: false, problem: 'syntax', path: '', message: 'not JSON' });
  });

  it('says in words what is wrong, without a value', () => {
    const refused = parseStrictJson('{"a":{"key":"secret","key":"secret"}}');
    expect(refused).toMatchObject({ message: 'a.key: the key is given more than once' });
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  it('finds a key again among many', () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => `"k${i}":0`);
    expect(parseStrictJson(`{${keys.join()}}`).ok).toBe(true);
    for (const again of ['k0', 'k15', 'k16', 'k999'])
      expect(parseStrictJson(`{${keys.join()},"${again}":1}`)).toMatchObject({ problem: 'duplicate_key', path: again });
  });

  it('is not overwhelmed by nesting', () => {
    for (const open of ['[', '{"a":', '[{"a":'])
      expect(parseStrictJson(open.repeat(500_000))).toMatchObject({ ok: false, problem: 'too_deep' });
    expect(parseStrictJson('['.repeat(400_000) + ']'.repeat(400_000))).toMatchObject({ problem: 'too_deep' });
  });

  it('refuses more values and more keys than are wanted, and takes as many', () => {
    const limits = { values: 7, keys: 3 };
    for (const text of ['[1,2,3,4,5]', '{"a":1,"b":[2,3]}', '[[[[[1]]]]]', '["a,b,c,d,[[[{{{",1]'])
      expect(parseStrictJson(text, limits)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
    for (const [text, path] of [
      ['[1,2,3,4,5,6,7]', '[6]'],
      ['{"a":[{},{},{},{}]}', 'a[2]'],
      ['{"a":1,"b":{"c":1,"d":1,"e":1,"f":1}}', 'b.f'],
    ])
      expect(parseStrictJson(text ?? '', limits)).toMatchObject({ ok: false, problem: 'too_many', path });
    expect(parseStrictJson('[1,2,3]', { values: 2 })).toMatchObject({ message: '[1]: too many values' });
  });
});
