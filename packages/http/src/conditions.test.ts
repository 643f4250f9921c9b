import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateConditions, ifRangeHolds, type Validators } from './conditions.ts';
import { HeaderList } from './header-list.ts';
import { formatHttpDate } from './http-date.ts';

const modified = Date.UTC(2024, 0, 1, 0, 0, 0, 500);
const current: Validators = { etag: '"a"', lastModified: modified };
const at = formatHttpDate(modified);
const before = formatHttpDate(modified - 1000);
const after = formatHttpDate(modified + 1000);

type Record = Readonly<{ [name: string]: string }>;

function outcome(headers: Record, method = 'GET', validators: Validators | undefined = current) {
  return evaluateConditions({ method, headers: HeaderList.from(headers) }, validators);
}

describe('conditions', () => {
  it.each<[Record, string]>([
    [{}, 'proceed'],
    [{ 'If-Match': '"a"' }, 'proceed'],
    [{ 'If-Match': '"b", "a"' }, 'proceed'],
    [{ 'If-Match': '*' }, 'proceed'],
    [{ 'If-Match': '"b"' }, 'precondition_failed'],
    [{ 'If-Match': 'W/"a"' }, 'precondition_failed'],
    [{ 'If-Match': 'a' }, 'precondition_failed'],
    [{ 'If-Match': '"a" nonsense' }, 'precondition_failed'],
    [{ 'If-Unmodified-Since': at }, 'proceed'],
    [{ 'If-Unmodified-Since': after }, 'proceed'],
    [{ 'If-Unmodified-Since': before }, 'precondition_failed'],
    [{ 'If-Unmodified-Since': 'nonsense' }, 'proceed'],
    [{ 'If-Match': '"a"', 'If-Unmodified-Since': before }, 'proceed'],
    [{ 'If-None-Match': '"a"' }, 'not_modified'],
    [{ 'If-None-Match': 'W/"a"' }, 'not_modified'],
    [{ 'If-None-Match': '*' }, 'not_modified'],
    [{ 'If-None-Match': '"b"' }, 'proceed'],
    [{ 'If-Modified-Since': at }, 'not_modified'],
    [{ 'If-Modified-Since': after }, 'not_modified'],
    [{ 'If-Modified-Since': before }, 'proceed'],
    [{ 'If-None-Match': '"b"', 'If-Modified-Since': at }, 'proceed'],
    [{ 'If-Match': '"b"', 'If-None-Match': '"a"' }, 'precondition_failed'],
  ])('%j on GET: %s', (headers, expected) => {
    expect(outcome(headers)).toBe(expected);
  });

  it('on other methods never end in "not modified"', () => {
    expect(outcome({ 'If-None-Match': '"a"' }, 'PUT')).toBe('precondition_failed');
    expect(outcome({ 'If-Modified-Since': at }, 'PUT')).toBe('proceed');
    expect(outcome({ 'If-None-Match': '"a"' }, 'HEAD')).toBe('not_modified');
  });

  it('without a representation', () => {
    const without = (headers: Record) =>
      evaluateConditions({ method: 'PUT', headers: HeaderList.from(headers) }, undefined);
    expect(without({ 'If-Match': '*' })).toBe('precondition_failed');
    expect(without({ 'If-None-Match': '*' })).toBe('proceed');
    expect(without({ 'If-Unmodified-Since': before })).toBe('proceed');
  });

  it('find a tag in a list of any, commas inside tags included', () => {
    const tag = fc
      .string({ unit: fc.constantFrom('a', ',', ' ', '!', 'W/', '\u00e9') })
      .map((text) => `"${text.replaceAll(' ', '')}"`);
    fc.assert(
      fc.property(fc.array(tag), tag, fc.array(tag), (head, wanted, tail) => {
        const list = [...head, wanted, ...tail].join(' , ');
        expect(outcome({ 'If-Match': list }, 'GET', { etag: wanted })).toBe('proceed');
        expect(outcome({ 'If-Match': list }, 'GET', { etag: '"other"' })).toBe('precondition_failed');
      }),
    );
  });

  it('reads repeated headers as one list', () => {
    const headers = new HeaderList([
      ['If-None-Match', '"b"'],
      ['if-none-match', '"a"'],
    ]);
    expect(evaluateConditions({ method: 'GET', headers }, current)).toBe('not_modified');
    expect(
      evaluateConditions({ method: 'GET', headers: new Headers(headers.pairs.map(([n, v]) => [n, v])) }, current),
    ).toBe('not_modified');
  });
});

describe('If-Range', () => {
  it.each<[Record, boolean]>([
    [{}, true],
    [{ 'If-Range': '"a"' }, true],
    [{ 'If-Range': '"b"' }, false],
    [{ 'If-Range': 'W/"a"' }, false],
    [{ 'If-Range': at }, true],
    [{ 'If-Range': after }, false],
    [{ 'If-Range': before }, false],
    [{ 'If-Range': 'nonsense' }, false],
  ])('%j: %s', (headers, holds) => {
    expect(ifRangeHolds(HeaderList.from(headers), current)).toBe(holds);
  });

  it('never holds for a weak tag', () => {
    expect(ifRangeHolds(new Headers({ 'If-Range': 'W/"a"' }), { etag: 'W/"a"' })).toBe(false);
  });
});
