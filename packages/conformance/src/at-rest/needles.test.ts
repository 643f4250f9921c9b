import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cut, NeedleSearch, whole } from './needles.ts';
import { randomContent } from './specimens.ts';

const content = randomContent('content', 1000);

function ownersIn(search: NeedleSearch, bytes: Uint8Array): readonly string[] {
  const found: string[] = [];
  search.find(bytes, ({ owner }, at) => found.push(`${owner} at ${at}`));
  return found;
}

describe('a search for pieces of content', () => {
  it.each([0, 1, 7, 15, 16])('finds 31 bytes of it from byte %s on, wherever they are', (from) => {
    const search = NeedleSearch.of([cut('content', content)]);
    const stored = Buffer.concat([Buffer.alloc(13, 7), content.subarray(from, from + 31), Buffer.alloc(5)]);
    expect(ownersIn(search, stored)).toEqual([`content at ${13 + ((16 - (from % 16)) % 16)}`]);
  });

  it('finds nothing in other content, and nothing of what is everywhere', () => {
    const search = NeedleSearch.of([cut('content', content), cut('zeros', new Uint8Array(64))]);
    expect(ownersIn(search, randomContent('other', 100_000))).toEqual([]);
    expect(ownersIn(search, new Uint8Array(1000))).toEqual([]);
  });

  it('wants all of a long needle', () => {
    const search = NeedleSearch.of([whole('key', content.subarray(0, 44))]);
    expect(ownersIn(search, content.subarray(0, 43))).toEqual([]);
    expect(ownersIn(search, content)).toEqual(['key at 0']);
  });

  it('finds in a file what it finds in its bytes, also across the borders at which it is read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'needles-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const key = content.subarray(0, 44);
    const large = Buffer.alloc(9_000_000, 1);
    const places = [0, 4_194_280, 4_194_304 + 20, 8_388_608 + 30, large.length - key.length];
    for (const at of places) large.set(key, at);
    await writeFile(join(folder, 'file'), large);
    const found: number[] = [];
    const turn = () => Promise.resolve();
    await NeedleSearch.of([whole('key', key)]).findInFile(join(folder, 'file'), turn, (_, at) => found.push(at));
    expect(found).toEqual(places);
  });
});
