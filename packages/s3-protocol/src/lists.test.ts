import { fc } from '@fast-check/vitest';
import { beforeEach, describe, expect, it } from 'vitest';
import { byBytes, foldedRows, listAll, listPage, pathOf, rowsBehind, type ListQuery } from './test-support/lists.ts';
import { childrenOf, childText, TestServer } from './test-support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await TestServer.inMemory();
  await server.createBucket('bucket');
});

const put = async (key: string, body = key, to = server) =>
  (await to.ok({ method: 'PUT', target: pathOf('bucket', key), body })).headers.get('x-amz-version-id') ?? '';
const hide = async (key: string, to = server) =>
  (await to.ok({ method: 'DELETE', target: pathOf('bucket', key) })).headers.get('x-amz-version-id') ?? '';
const list = (query: ListQuery) => listPage(server, 'bucket', query);

const forms = ['v1', 'v2'] as const;
const typeOf = (form: 'v1' | 'v2') => (form === 'v2' ? { 'list-type': 2 } : {});

/** Characters whose order in UTF-16 is another than in UTF-8, and that URLs and XML write in other ways. */
const keys = fc.stringMatching(/^[ab/+ &\u{1F600}\uFF5E]{1,5}$/u);
/** White space at the ends counts, too. */
const bounds = fc.record({
  prefix: fc.constantFrom('', '', 'a', 'a/', 'b&', '\u{1F600}'),
  delimiter: fc.constantFrom('', '/', '/', 'a', 'a/', '+ ', '\u{1F600}'),
});

describe.each(forms)('objects, form %s', (form) => {
  it('on pages of any size, from any place, with any prefix and delimiter, are what a plain model says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(keys, { maxLength: 20 }),
        fc.array(fc.nat(), { maxLength: 3 }),
        bounds,
        fc.integer({ min: 1, max: 4 }),
        keys,
        async (made, hidden, { prefix, delimiter }, maxKeys, marker) => {
          const other = await TestServer.inMemory();
          await other.createBucket('bucket');
          for (const key of made) await put(key, 'x', other);
          const gone = new Set(hidden.map((index) => made[index % Math.max(1, made.length)] ?? 'none'));
          for (const key of gone) await hide(key, other);
          const rows = foldedRows(made.filter((key) => !gone.has(key)).sort(byBytes), prefix, delimiter);
          const query = { prefix, delimiter, maxKeys };
          expect(await listAll(other, 'bucket', form, query)).toEqual(rows);
          const from = form === 'v1' ? { marker } : { 'start-after': marker };
          const page = await listPage(other, 'bucket', { ...typeOf(form), prefix, delimiter, ...from });
          const behind = rowsBehind(rows, marker);
          expect(page.keys('Contents')).toEqual(behind.filter(isKey).map(nameOf));
          expect(page.commonPrefixes).toEqual(behind.filter((row) => !isKey(row)).map(nameOf));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('says what was asked, and of each object what there is to say', async () => {
    await put('a/1', 'hello');
    const query = { ...typeOf(form), prefix: 'a', delimiter: '-', 'max-keys': 7 };
    const { answer, field } = await list(query);
    expect(answer.xml?.name).toBe('ListBucketResult');
    expect(answer.text).toContain('<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">');
    expect(['Name', 'Prefix', 'Delimiter', 'MaxKeys', 'IsTruncated', 'EncodingType'].map(field)).toEqual([
      'bucket',
      'a',
      '-',
      '7',
      'false',
      undefined,
    ]);
    expect(field('Marker')).toBe(form === 'v1' ? '' : undefined);
    const [row] = childrenOf(answer.xml, 'Contents');
    const owner = form === 'v1' ? [['Owner', '']] : [];
    expect(row?.children.map(({ name, text }) => [name, text])).toEqual([
      ['Key', 'a/1'],
      ['LastModified', '2023-11-14T22:13:20.000Z'],
      ['ETag', '"5d41402abc4b2a76b9719d911017c592"'],
      ['Size', '5'],
      ['StorageClass', 'STANDARD'],
      ...owner,
    ]);
  });

  it('has an empty prefix and no delimiter where none was asked for', async () => {
    const { answer, field } = await list({ ...typeOf(form), delimiter: '' });
    expect([field('Prefix'), field('Delimiter')]).toEqual(['', undefined]);
    expect(answer.text).toContain('<Prefix></Prefix>');
  });

  it.each([
    ['0', '0', 0, false],
    ['1', '1', 1, true],
    ['3', '3', 3, false],
    ['1000', '1000', 3, false],
    ['2000', '1000', 3, false],
    ['2147483647', '1000', 3, false],
  ])('max-keys=%s', async (asked, echoed, count, truncated) => {
    for (const key of ['a', 'b', 'c']) await put(key);
    const page = await list({ ...typeOf(form), 'max-keys': asked });
    expect([page.field('MaxKeys'), page.keys('Contents').length, page.isTruncated]).toEqual([echoed, count, truncated]);
    if (form === 'v2') expect(page.field('NextContinuationToken') !== undefined).toBe(truncated);
    else expect(page.field('NextMarker')).toBeUndefined();
  });

  it.each(['-1', '1.5', 'many', '2147483648', '0x10'])('max-keys=%s is none', async (asked) => {
    const target = `/bucket?${form === 'v2' ? 'list-type=2&' : ''}max-keys=${asked}`;
    const refused = await server.refused(
      { target },
      { code: 'InvalidArgument', message: 'Provided max-keys not an integer or within integer range' },
    );
    expect(childText(refused.xml, 'ArgumentName')).toBe('max-keys');
    expect(childText(refused.xml, 'ArgumentValue')).toBe(asked);
  });

  it('writes keys for URLs if that is asked for, and in no other way', async () => {
    await put('a b/+ü*(1)~');
    await put('x%20/y');
    const from = form === 'v1' ? { marker: 'A B' } : { 'start-after': 'A B' };
    const query = { ...typeOf(form), 'encoding-type': 'url', delimiter: '%', ...from };
    const page = await list(query);
    expect(page.field('EncodingType')).toBe('url');
    expect(page.keys('Contents')).toEqual(['a%20b/%2B%C3%BC*%281%29%7E']);
    expect(page.commonPrefixes).toEqual(['x%25']);
    expect(page.field('Delimiter')).toBe('%25');
    expect(page.field(form === 'v1' ? 'Marker' : 'StartAfter')).toBe('A%20B');
    expect((await list({ ...query, prefix: 'a b' })).field('Prefix')).toBe('a%20b');
    if (form === 'v1')
      expect((await list({ ...query, 'max-keys': 1 })).field('NextMarker')).toBe(page.keys('Contents')[0]);
    await server.refused(
      { target: '/bucket?encoding-type=base64' },
      { code: 'InvalidArgument', message: 'Invalid Encoding Method specified in Request' },
    );
  });

  it('is well-formed XML whatever the keys are', async () => {
    const names = ['<&>"\'', ']]>', 'a\u0085b\u2028c', '\u009f'].sort(byBytes);
    for (const name of names) await put(name);
    expect((await list(typeOf(form))).keys('Contents')).toEqual(names);
    // XML 1.0 has no way to write these two, and an answer cannot leave the object out.
    await put('\ufffe\uffff');
    expect((await list({ ...typeOf(form), prefix: '\ufffe' })).keys('Contents')).toEqual(['\ufffd\ufffd']);
    const encoded = await list({ ...typeOf(form), prefix: '\ufffe', 'encoding-type': 'url' });
    expect(encoded.keys('Contents')).toEqual(['%EF%BF%BE%EF%BF%BF']);
  });

  it('shows a size in plaintext and the checksum that was chosen', async () => {
    const headers = { 'x-amz-server-side-encryption': 'AES256', 'x-amz-checksum-crc32': 'NhCmhg==' };
    await server.ok({ method: 'PUT', target: '/bucket/a', body: 'hello', headers });
    const [row] = childrenOf((await list(typeOf(form))).answer.xml, 'Contents');
    const shown = ['Size', 'ChecksumAlgorithm', 'ChecksumType'].map((name) => childText(row, name));
    expect(shown).toEqual(['5', 'CRC32', 'FULL_OBJECT']);
  });

  it('does not show what is hidden or unfinished, and shows what came back', async () => {
    await put('a');
    await put('b');
    const marker = await hide('a');
    await server.ok({ method: 'POST', target: '/bucket/c?uploads' });
    expect((await list(typeOf(form))).keys('Contents')).toEqual(['b']);
    await server.ok({ method: 'DELETE', target: `/bucket/a?versionId=${marker}` });
    expect((await list(typeOf(form))).keys('Contents')).toEqual(['a', 'b']);
  });
});

const isKey = (row: string) => row.startsWith('key ');
const nameOf = (row: string) => row.slice(row.indexOf(' ') + 1);

it('of more objects than a page takes, none is missing and none comes twice, roll-ups included', async () => {
  const names = Array.from({ length: 1_204 }, (_, n) => `${n % 3 === 0 ? `d${n % 200}/` : ''}${n}`);
  await Promise.all(names.map((name) => put(name, '')));
  const sorted = names.sort(byBytes);
  for (const form of forms) {
    for (const [delimiter, maxKeys] of [
      ['', 1_000],
      ['/', 302],
    ] as const) {
      const rows = foldedRows(sorted, '', delimiter);
      expect(await listAll(server, 'bucket', form, { delimiter, maxKeys })).toEqual(rows);
    }
  }
});

describe('the second form of the list', () => {
  it('shows owners only where they are asked for', async () => {
    await put('a');
    const owner = `<Owner><ID>${server.accountId}</ID><DisplayName></DisplayName></Owner>`;
    expect((await list({ 'list-type': 2, 'fetch-owner': 'true' })).answer.text).toContain(owner);
    for (const value of ['false', 'yes', '']) {
      expect((await list({ 'list-type': 2, 'fetch-owner': value })).answer.text).not.toContain('<Owner>');
    }
    expect((await list({})).answer.text).toContain(owner);
  });

  it('takes its own tokens, which are stronger than start-after, and no others', async () => {
    for (const key of ['a', 'b', 'c']) await put(key);
    const first = await list({ 'list-type': 2, 'max-keys': 1, 'start-after': 'a' });
    expect([first.field('StartAfter'), first.field('ContinuationToken')]).toEqual(['a', undefined]);
    const token = first.field('NextContinuationToken') ?? '';
    const next = await list({ 'list-type': 2, 'continuation-token': token, 'start-after': 'z' });
    expect(next.keys('Contents')).toEqual(['c']);
    expect([next.field('StartAfter'), next.field('ContinuationToken')]).toEqual([undefined, token]);
    const message = 'The continuation token provided is incorrect';
    for (const bad of ['', 'nonsense', 'MQ==', `${token}=`, Buffer.from('2b').toString('base64'), 'Mf8=']) {
      const target = `/bucket?list-type=2&continuation-token=${encodeURIComponent(bad)}`;
      const refused = await server.refused({ target }, { code: 'InvalidArgument', message });
      expect(childText(refused.xml, 'ArgumentName')).toBe('continuation-token');
    }
  });

  it('is chosen by the number 2 only', async () => {
    await put('a');
    for (const type of ['1', '3', '']) {
      expect((await list({ 'list-type': type })).field('Marker')).toBe('');
    }
  });
});

describe('the first form of the list', () => {
  it('says where to go on only with a delimiter', async () => {
    for (const key of ['a/1', 'a/2', 'b']) await put(key);
    expect((await list({ 'max-keys': 1 })).field('NextMarker')).toBeUndefined();
    const page = await list({ 'max-keys': 1, delimiter: '/' });
    expect([page.commonPrefixes, page.field('NextMarker')]).toEqual([['a/'], 'a/']);
    const rest = await list({ 'max-keys': 1, delimiter: '/', marker: 'a/' });
    expect([rest.keys('Contents'), rest.isTruncated, rest.field('NextMarker')]).toEqual([['b'], false, undefined]);
    // Whoever goes on from the last key in a prefix does not get that prefix again.
    expect((await list({ delimiter: '/', marker: 'a/1' })).commonPrefixes).toEqual([]);
    expect((await list({ delimiter: '/', marker: 'a' })).commonPrefixes).toEqual(['a/']);
  });
});
