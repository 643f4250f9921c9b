import { fixedClock, type FixedClock } from '@coffer/storage-testkit';
import { fc } from '@fast-check/vitest';
import { beforeEach, describe, expect, it } from 'vitest';
import { byBytes, listPage, pathOf, type ListQuery } from './test-support/lists.ts';
import { childrenOf, childText, TestServer } from './test-support/test-server.ts';
import type { XmlElement } from '@coffer/xml';

let clock: FixedClock;
let server: TestServer;
beforeEach(async () => {
  clock = fixedClock(1_700_000_000_000);
  server = await TestServer.inMemory({ clock });
  await server.createBucket('bucket');
});

/** What a key had done to it, newest last. */
interface Version {
  readonly key: string;
  readonly versionId: string;
  readonly kind: 'Version' | 'DeleteMarker';
}

async function put(key: string, to = server): Promise<Version> {
  const { headers } = await to.ok({ method: 'PUT', target: pathOf('bucket', key), body: 'x' });
  return { key, versionId: headers.get('x-amz-version-id') ?? '', kind: 'Version' };
}

async function hide(key: string, to = server): Promise<Version> {
  const { headers } = await to.ok({ method: 'DELETE', target: pathOf('bucket', key) });
  return { key, versionId: headers.get('x-amz-version-id') ?? '', kind: 'DeleteMarker' };
}

const list = (query: ListQuery = {}, to = server) => listPage(to, 'bucket', { versions: '', ...query });

/** The rows of a page, versions and markers as they come. */
function versionsOf(root: XmlElement | undefined): readonly (Version & { readonly isLatest: boolean })[] {
  return (root?.children ?? []).flatMap((row) =>
    row.name === 'Version' || row.name === 'DeleteMarker'
      ? [
          {
            key: childText(row, 'Key') ?? '',
            versionId: childText(row, 'VersionId') ?? '',
            kind: row.name,
            isLatest: childText(row, 'IsLatest') === 'true',
          },
        ]
      : [],
  );
}

/** All rows, page by page. */
async function listAll(query: ListQuery, to: TestServer): Promise<{ rows: unknown[]; prefixes: string[] }> {
  const rows: unknown[] = [];
  const prefixes: string[] = [];
  let markers: ListQuery = {};
  for (;;) {
    const page = await list({ ...query, ...markers }, to);
    rows.push(...versionsOf(page.answer.xml));
    prefixes.push(...page.commonPrefixes);
    const [key, id] = [page.field('NextKeyMarker'), page.field('NextVersionIdMarker')];
    expect(key !== undefined).toBe(page.isTruncated);
    if (!page.isTruncated) return { rows, prefixes };
    markers = { 'key-marker': key, 'version-id-marker': id };
  }
}

/** Keys ascending, the newest of each first, and which of them is the latest. */
function sorted(history: readonly Version[]): (Version & { isLatest: boolean })[] {
  const rows = history
    .map((version, age) => ({ version, age }))
    .sort((a, b) => byBytes(a.version.key, b.version.key) || b.age - a.age)
    .map(({ version }) => version);
  return rows.map((row, index) => ({ ...row, isLatest: rows[index - 1]?.key !== row.key }));
}

const keys = fc.stringMatching(/^[ab/é]{1,3}$/u);
const scripts = fc.array(fc.tuple(fc.constantFrom('put', 'put', 'hide', 'delete', 'start'), keys, fc.nat()), {
  maxLength: 25,
});

describe('versions', () => {
  it('on pages of any size, with any prefix and delimiter, are what a plain model says', async () => {
    const bounds = fc.record({ prefix: fc.constantFrom('', 'a', 'a/'), delimiter: fc.constantFrom('', '/', 'b/') });
    await fc.assert(
      fc.asyncProperty(scripts, bounds, fc.integer({ min: 1, max: 3 }), async (script, bound, maxKeys) => {
        const { prefix, delimiter } = bound;
        const other = await TestServer.inMemory();
        await other.createBucket('bucket');
        let history: Version[] = [];
        for (const [step, key, pick] of script) {
          if (step === 'put') history.push(await put(key, other));
          if (step === 'hide') history.push(await hide(key, other));
          if (step === 'start') await other.ok({ method: 'POST', target: `${pathOf('bucket', key)}?uploads` });
          const victim = step === 'delete' ? history[pick % Math.max(1, history.length)] : undefined;
          if (victim === undefined) continue;
          const target = `${pathOf('bucket', victim.key)}?versionId=${victim.versionId}`;
          await other.ok({ method: 'DELETE', target });
          history = history.filter((version) => version !== victim);
        }
        const inside = sorted(history).filter(({ key }) => key.startsWith(prefix));
        const folderOf = (key: string) => {
          const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
          return at < 0 ? undefined : key.slice(0, at + delimiter.length);
        };
        expect(await listAll({ prefix, delimiter, 'max-keys': maxKeys }, other)).toEqual({
          rows: inside.filter(({ key }) => folderOf(key) === undefined),
          prefixes: [...new Set(inside.flatMap(({ key }) => folderOf(key) ?? []))],
        });
      }),
      { numRuns: 40 },
    );
  });

  it('are told of with what there is to say of them, markers between them in the order of time', async () => {
    const first = await put('a');
    clock.advance(2_000);
    const marker = await hide('a');
    const second = await put('a');
    const { answer, field } = await list();
    expect(answer.xml?.name).toBe('ListVersionsResult');
    expect(['Name', 'Prefix', 'KeyMarker', 'VersionIdMarker', 'MaxKeys', 'IsTruncated'].map(field)).toEqual([
      'bucket',
      '',
      '',
      '',
      '1000',
      'false',
    ]);
    expect(versionsOf(answer.xml)).toEqual([
      { ...second, isLatest: true },
      { ...marker, isLatest: false },
      { ...first, isLatest: false },
    ]);
    const textsOf = (row: XmlElement | undefined) => row?.children.map(({ name, text }) => [name, text]);
    expect(textsOf(childrenOf(answer.xml, 'Version').at(-1))).toEqual([
      ['Key', 'a'],
      ['VersionId', first.versionId],
      ['IsLatest', 'false'],
      ['LastModified', '2023-11-14T22:13:20.000Z'],
      ['ETag', '"9dd4e461268c8034f5c8564e155c67a6"'],
      ['Size', '1'],
      ['StorageClass', 'STANDARD'],
      ['Owner', ''],
    ]);
    expect(textsOf(childrenOf(answer.xml, 'DeleteMarker')[0])).toEqual([
      ['Key', 'a'],
      ['VersionId', marker.versionId],
      ['IsLatest', 'false'],
      ['LastModified', '2023-11-14T22:13:22.000Z'],
      ['Owner', ''],
    ]);
    const owner = `<Owner><ID>${server.accountId}</ID><DisplayName></DisplayName></Owner>`;
    expect(answer.text.split(owner)).toHaveLength(4);
  });

  it('go on behind all versions of a key, or behind one of them', async () => {
    const ids: string[] = [];
    for (const key of ['a', 'a', 'a', 'b']) ids.push((await put(key)).versionId);
    const shown = async (query: ListQuery) =>
      versionsOf((await list(query)).answer.xml).map(({ versionId }) => ids.indexOf(versionId));
    expect(await shown({})).toEqual([2, 1, 0, 3]);
    expect(await shown({ 'key-marker': 'a' })).toEqual([3]);
    expect(await shown({ 'key-marker': 'a', 'version-id-marker': ids[2] })).toEqual([1, 0, 3]);
    expect(await shown({ 'key-marker': 'a', 'version-id-marker': ids[0] })).toEqual([3]);
    const page = await list({ 'max-keys': 2 });
    expect([page.field('NextKeyMarker'), page.field('NextVersionIdMarker')]).toEqual(['a', ids[1]]);
    const whole = await list({ 'key-marker': 'a', 'version-id-marker': ids[1], 'max-keys': 0 });
    expect([whole.field('KeyMarker'), whole.field('VersionIdMarker')]).toEqual(['a', ids[1]]);
    expect([whole.isTruncated, whole.keys('Version')]).toEqual([false, []]);
  });

  it('do not go on behind a version without its key, or behind what is no version', async () => {
    const { versionId } = await put('a');
    const refused = await server.refused(
      { target: `/bucket?versions&version-id-marker=${versionId}` },
      { code: 'InvalidArgument', message: 'A version-id marker cannot be specified without a key marker.' },
    );
    expect(childText(refused.xml, 'ArgumentName')).toBe('version-id-marker');
    await server.refused(
      { target: '/bucket?versions&key-marker=a&version-id-marker=nonsense' },
      { code: 'InvalidArgument', message: 'Invalid version id specified' },
    );
  });

  it('are rolled up, and a page goes on behind the whole prefix', async () => {
    for (const key of ['a/1', 'a/2', 'b']) await put(key);
    const page = await list({ delimiter: '/', 'max-keys': 1 });
    expect([page.commonPrefixes, page.field('NextKeyMarker'), page.field('NextVersionIdMarker')]).toEqual([
      ['a/'],
      'a/',
      undefined,
    ]);
    const next = await list({ delimiter: '/', 'max-keys': 1, 'key-marker': 'a/' });
    expect([next.commonPrefixes, next.keys('Version'), next.isTruncated]).toEqual([[], ['b'], false]);
    expect((await list({ delimiter: '/', 'key-marker': 'a/1' })).commonPrefixes).toEqual([]);
  });

  it('have their keys written for URLs if that is asked for', async () => {
    await put('a b/c');
    await hide('ü');
    const page = await list({ 'encoding-type': 'url', 'key-marker': 'A B', delimiter: ' b' });
    expect([page.field('KeyMarker'), page.field('Delimiter')]).toEqual(['A%20B', '%20b']);
    expect([page.commonPrefixes, page.keys('DeleteMarker')]).toEqual([['a%20b'], ['%C3%BC']]);
  });
});

describe('unfinished uploads', () => {
  async function start(key: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    clock.advance(1);
    const answer = await server.ok({ method: 'POST', target: `${pathOf('bucket', key)}?uploads`, headers });
    return childText(answer.xml, 'UploadId') ?? '';
  }
  const listUploads = (query: ListQuery = {}) => listPage(server, 'bucket', { uploads: '', ...query });
  const idsOf = (root: XmlElement | undefined) =>
    childrenOf(root, 'Upload').map((row) => childText(row, 'UploadId') ?? '');

  it('are listed by key and then by the time of their start', async () => {
    const [b, a1, a2] = [
      await start('b'),
      await start('a'),
      await start('a', { 'x-amz-checksum-algorithm': 'SHA256' }),
    ];
    await put('c');
    const { answer, field } = await listUploads();
    expect(answer.xml?.name).toBe('ListMultipartUploadsResult');
    expect(idsOf(answer.xml)).toEqual([a1, a2, b]);
    const heads = ['Bucket', 'KeyMarker', 'UploadIdMarker', 'NextKeyMarker', 'NextUploadIdMarker', 'MaxUploads'];
    expect(heads.map(field)).toEqual(['bucket', '', '', 'b', b, '1000']);
    expect(childrenOf(answer.xml, 'Upload')[1]?.children.map(({ name, text }) => [name, text])).toEqual([
      ['Key', 'a'],
      ['UploadId', a2],
      ['Initiator', ''],
      ['Owner', ''],
      ['StorageClass', 'STANDARD'],
      ['Initiated', '2023-11-14T22:13:20.003Z'],
      ['ChecksumAlgorithm', 'SHA256'],
      ['ChecksumType', 'COMPOSITE'],
    ]);
  });

  it('are listed page by page, rolled up or not, without gaps or repeats', async () => {
    for (const key of ['a/1', 'a/1', 'a/2', 'b', 'b', 'b', 'c/1']) await start(key);
    const all = idsOf((await listUploads()).answer.xml);
    for (const size of [1, 2, 3, 7]) {
      const found: string[] = [];
      let markers: ListQuery = {};
      for (let isTruncated = true; isTruncated;) {
        const page = await listUploads({ 'max-uploads': size, ...markers });
        found.push(...idsOf(page.answer.xml));
        markers = { 'key-marker': page.field('NextKeyMarker'), 'upload-id-marker': page.field('NextUploadIdMarker') };
        ({ isTruncated } = page);
      }
      expect(found).toEqual(all);
    }
    const folded = await listUploads({ delimiter: '/', 'max-uploads': 2 });
    expect([folded.commonPrefixes, folded.keys('Upload')]).toEqual([['a/'], ['b']]);
    const rest = await listUploads({ delimiter: '/', 'key-marker': 'b' });
    expect([rest.commonPrefixes, rest.keys('Upload'), rest.isTruncated]).toEqual([['c/'], [], false]);
    expect((await listUploads({ prefix: 'a/', 'key-marker': 'a/1' })).keys('Upload')).toEqual(['a/2']);
  });

  it('go on behind an upload of the key only', async () => {
    const [a, b] = [await start('a'), await start('b')];
    const message = 'Invalid uploadId marker';
    for (const wrong of [b, 'nonsense']) {
      const target = `/bucket?uploads&key-marker=a&upload-id-marker=${wrong}`;
      const refused = await server.refused({ target }, { code: 'InvalidArgument', message });
      expect(childText(refused.xml, 'ArgumentName')).toBe('upload-id-marker');
    }
    // Without a key, the marker of an upload means nothing.
    expect(idsOf((await listUploads({ 'upload-id-marker': b })).answer.xml)).toEqual([a, b]);
  });

  it('are none on a page for none', async () => {
    await start('a');
    const { answer, field, isTruncated } = await listUploads({ 'max-uploads': 0 });
    expect([idsOf(answer.xml), isTruncated, field('NextKeyMarker'), field('MaxUploads')]).toEqual([[], false, '', '0']);
    await server.refused(
      { target: '/bucket?uploads&max-uploads=-1' },
      { code: 'InvalidArgument', message: 'Provided max-uploads not an integer or within integer range' },
    );
  });

  it('have their keys written for URLs if that is asked for', async () => {
    await start('a b');
    const page = await listUploads({ 'encoding-type': 'url', prefix: 'a b' });
    expect([page.keys('Upload'), page.field('Prefix'), page.field('NextKeyMarker')]).toEqual([
      ['a%20b'],
      'a%20b',
      'a%20b',
    ]);
  });
});

describe('buckets', () => {
  it('are listed page by page, by their names, in this region', async () => {
    for (const name of ['another-one', 'another-two', 'third-one']) await server.createBucket(name);
    const namesOf = (root: XmlElement | undefined) =>
      (childrenOf(root, 'Buckets')[0]?.children ?? []).map((row) => childText(row, 'Name') ?? '');
    const all = await server.ok({ target: '/' });
    expect(namesOf(all.xml)).toEqual(['another-one', 'another-two', 'bucket', 'third-one']);
    expect(all.text).toContain('<CreationDate>2023-11-14T22:13:20.000Z</CreationDate>');
    const first = await server.ok({ target: '/?prefix=another&max-buckets=1' });
    expect([namesOf(first.xml), childText(first.xml, 'Prefix')]).toEqual([['another-one'], 'another']);
    const token = childText(first.xml, 'ContinuationToken') ?? '';
    const next = await server.ok({
      target: `/?prefix=another&max-buckets=1&continuation-token=${encodeURIComponent(token)}`,
    });
    expect([namesOf(next.xml), childText(next.xml, 'ContinuationToken')]).toEqual([['another-two'], undefined]);
    expect(namesOf((await server.ok({ target: '/?bucket-region=us-east-1' })).xml)).toHaveLength(4);
    expect(namesOf((await server.ok({ target: '/?bucket-region=elsewhere' })).xml)).toEqual([]);
    await server.refused({ target: '/?continuation-token=nonsense' }, { code: 'InvalidArgument' });
  });
});
