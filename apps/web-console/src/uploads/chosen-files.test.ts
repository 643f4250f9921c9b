import type { DropItem } from 'react-aria-components';
import { expect, it } from 'vitest';
import { filesOfDrop, planUpload } from './chosen-files.ts';

const file = (name: string, size = 1) => new File([new Uint8Array(size)], name);

it('names files in their folder, and says what B2 or the key refuses', () => {
  const chosen = ['a.txt', 'sub/ü b', 'with\nnewline', 'x'.repeat(1_020)].map((path) => ({
    file: file(path, 3),
    path,
  }));
  const { items, refused, bytes } = planUpload(chosen, 'in/', '');
  expect(items.map(({ fileName }) => fileName)).toEqual(['in/a.txt', 'in/sub/ü b', `in/${'x'.repeat(1_020)}`]);
  expect(bytes).toBe(9);
  expect(refused).toEqual([
    { fileName: 'in/with\nnewline', problem: 'File names must not contain control characters' },
  ]);
  expect(planUpload(chosen, 'long/', '').refused.map(({ problem }) => problem)).toContain(
    'File names in UTF8 must be no more than 1024 bytes',
  );
  const restricted = planUpload(chosen, '', 'sub/');
  expect(restricted.items.map(({ fileName }) => fileName)).toEqual(['sub/ü b']);
  expect(restricted.refused).toHaveLength(3);
});

it('walks through dropped folders', async () => {
  const fileItem = (name: string) => ({ kind: 'file', name, type: '', getFile: () => Promise.resolve(file(name)) });
  const folder = (name: string, entries: readonly unknown[]) => ({
    ...{ kind: 'directory', name },
    getEntries: async function* () {
      yield* entries;
    },
  });
  const items = [folder('photos', [fileItem('1'), folder('old', [fileItem('2')]), folder('empty', [])]), fileItem('3')];
  const counts: number[] = [];
  const found = await filesOfDrop(items as unknown as readonly DropItem[], (count) => counts.push(count));
  expect(found.map(({ path }) => path)).toEqual(['photos/1', 'photos/old/2', '3']);
  expect(counts).toEqual([1, 2, 3]);
});
