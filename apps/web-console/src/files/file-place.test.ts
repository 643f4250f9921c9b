import { describe, expect, it } from 'vitest';
import { crumbsOf, folderOf, labelIn, listedPlace, movedName, placeOfRow, readFilesSearch } from './file-place.ts';

describe('where a row leads', () => {
  const file = { kind: 'file', name: 'a/b.txt', fileId: '4_z' } as const;

  it('is a folder, in the same view and without what was open or searched', () => {
    const folder = { kind: 'folder', name: 'a/b/', fileId: null } as const;
    const place = { prefix: 'a/', file: 'a/c', version: '4_y' };
    expect(placeOfRow(folder, place)).toEqual({ prefix: 'a/b/' });
    expect(placeOfRow(folder, { ...place, show: 'versions' })).toEqual({ prefix: 'a/b/', show: 'versions' });
  });

  it('is a file beside the same list: its current version, or that of the row', () => {
    const open = { prefix: 'a/', search: 'b', file: 'a/c', version: '4_y' };
    const stays = { prefix: 'a/', search: 'b', file: 'a/b.txt' };
    expect(placeOfRow(file, open)).toEqual(stays);
    expect(placeOfRow(file, { ...open, show: 'names' })).toEqual({ ...stays, show: 'names' });
    for (const show of ['versions', 'unfinished'] as const) {
      expect(placeOfRow(file, { ...open, show })).toEqual({ ...stays, show, version: '4_z' });
    }
  });
});

describe('the place of a file', () => {
  it('has every folder on its way', () => {
    expect(crumbsOf('')).toEqual([]);
    expect(crumbsOf('a/b/')).toEqual([
      { name: 'a', prefix: 'a/' },
      { name: 'b', prefix: 'a/b/' },
    ]);
    expect(crumbsOf('/a//../')).toEqual([
      { name: '', prefix: '/' },
      { name: 'a', prefix: '/a/' },
      { name: '', prefix: '/a//' },
      { name: '..', prefix: '/a//../' },
    ]);
    expect(crumbsOf('a/not a folder')).toEqual([{ name: 'a', prefix: 'a/' }]);
  });

  it.each([
    ['a', ''],
    ['a/b', 'a/'],
    ['a//b', 'a//'],
    ['a/', 'a/'],
    ['/', '/'],
  ])('of %j is the folder %j', (name, folder) => {
    expect(folderOf(name)).toBe(folder);
  });

  it('is not repeated in the list of a folder', () => {
    expect(labelIn('a/', 'a/b/c')).toBe('b/c');
    expect(labelIn('a/', 'a//')).toBe('/');
    expect(labelIn('a/', 'a/')).toBe('a/');
    expect(labelIn('a/', 'other')).toBe('other');
    expect(movedName('a/b/c', 'a/', 'z/')).toBe('z/b/c');
  });
});

describe('what is listed', () => {
  it('is the folder, or all names that begin with a text', () => {
    expect(listedPlace({}, '')).toEqual({ kind: 'folders', prefix: '', isFolded: true });
    expect(listedPlace({ prefix: 'a/', show: 'versions' }, '')).toEqual({
      ...{ kind: 'versions', prefix: 'a/', isFolded: true },
    });
    expect(listedPlace({ prefix: 'a/', search: 'b' }, '')).toEqual({ kind: 'folders', prefix: 'a/b', isFolded: false });
    expect(listedPlace({ show: 'unfinished' }, '')).toMatchObject({ isFolded: false });
  });

  it('is never more than the key may see', () => {
    expect(listedPlace({}, 'mine/20')).toMatchObject({ prefix: 'mine/20' });
    expect(listedPlace({ prefix: 'mine/' }, 'mine/20')).toMatchObject({ prefix: 'mine/20' });
    expect(listedPlace({ prefix: 'mine/2026/' }, 'mine/20')).toMatchObject({ prefix: 'mine/2026/' });
    expect(listedPlace({ prefix: 'mine/1' }, 'mine/20')).toBeUndefined();
    expect(listedPlace({ prefix: 'other/' }, 'mine/')).toBeUndefined();
  });
});

it('reads addresses as they are, and leaves out what is no place', () => {
  const place = { prefix: '__proto__/', file: '__proto__/a', show: 'versions', search: '?', version: '4_z' } as const;
  expect(readFilesSearch(place)).toEqual(place);
  expect(readFilesSearch({ prefix: '', show: 'everything', file: 7 })).toEqual({});
});
