import { fc, it as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  accessMac,
  encodeAccessRecord,
  verifyAccessMac,
  type AccessRecord,
  type AccessValue,
} from './access-record.ts';
import { codeOf, patternOf, testProvider } from './test-support.ts';

const record: AccessRecord = {
  table: 'buckets',
  key: patternOf(10),
  globalKeyId: 'gk_new',
  value: { type: 'allPrivate', rules: [{ days: 1 }], info: {}, secret: patternOf(20), limit: null, on: true, last: -1 },
};
const valueOf = (changes: Readonly<Record<string, AccessValue>>): AccessRecord => ({
  ...record,
  value: { ...(record.value as object), ...changes },
});

const { value: anyValue } = fc.letrec<{ value: AccessValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme', maxLength: 10 }),
    fc.uint8Array({ maxLength: 10 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 5 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe('the encoding of a record of access', () => {
  property.prop([anyValue, anyValue])('differs exactly where the records do', (a, b) => {
    const [one, two] = [encodeAccessRecord({ ...record, value: a }), encodeAccessRecord({ ...record, value: b })];
    const same = encodeAccessRecord({ ...record, value: structuredClone(a) });
    expect(same).toEqual(one);
    // Zero has two signs and one encoding.
    const text = (value: AccessValue) => JSON.stringify(sorted(value));
    expect(Buffer.compare(one, two) === 0).toBe(text(a) === text(b));
  });

  it('does not depend on the order of fields, nor on those that are undefined', () => {
    const entries = Object.entries(record.value as Readonly<Record<string, AccessValue>>);
    const reversed = { ...Object.fromEntries(entries.toReversed()), absent: undefined };
    expect(encodeAccessRecord({ ...record, value: reversed })).toEqual(encodeAccessRecord(record));
  });

  it.each<[string, AccessRecord]>([
    ['a fraction', valueOf({ limit: 0.5 })],
    ['a number that is too large', valueOf({ limit: 2 ** 53 })],
    ['a text that is not Unicode', valueOf({ type: '\ud800' })],
    ['a table without a name', { ...record, table: '' }],
  ])('does not hold %s', async (_, bad) => {
    expect(await codeOf(() => encodeAccessRecord(bad))).toBe('malformed');
  });
});

describe('the checksum of a record of access', () => {
  const provider = testProvider();
  it.each<[string, AccessRecord, string | undefined]>([
    ['itself', record, undefined],
    ['another value', valueOf({ type: 'allPublic' }), 'not_authentic'],
    ['a value more', valueOf({ more: null }), 'not_authentic'],
    ['another kind of value', valueOf({ type: Buffer.from('allPrivate') }), 'not_authentic'],
    ['a longer list', valueOf({ rules: [{ days: 1 }, { days: 1 }] }), 'not_authentic'],
    ['another place', { ...record, key: patternOf(10, 2) }, 'not_authentic'],
    ['another table', { ...record, table: 'applicationKeys' }, 'not_authentic'],
    ['another global key', { ...record, globalKeyId: 'gk_old' }, 'not_authentic'],
    ['a global key that is gone', { ...record, globalKeyId: 'gk_gone' }, 'unknown_key'],
  ])('holds for a record or does not: %s', async (_, other, code) => {
    const mac = await accessMac(provider, record);
    expect(await codeOf(() => verifyAccessMac(provider, other, mac))).toBe(code);
    expect(await codeOf(() => verifyAccessMac(provider, record, mac.subarray(1)))).toBe('not_authentic');
  });
});

/** The value with the fields of every map in one order, and its bytes told apart from lists. */
function sorted(value: AccessValue): unknown {
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (Array.isArray(value)) return { list: value.map((one: AccessValue) => sorted(one)) };
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, sorted(inner as AccessValue)] as const);
  return { map: entries.sort(([a], [b]) => (a < b ? -1 : 1)) };
}
