import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { s3Tables } from '../test/s3-table.ts';

const file = new URL('../../../docs/s3.md', import.meta.url);

/** A table without the spaces and dashes that the formatter puts into it. */
const plain = (table: string) => table.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim();

/** The lines between the two marks of a table. */
function section(text: string, name: string): string {
  const [, found = ''] = new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)<!-- end -->`).exec(text) ?? [];
  return plain(found);
}

// To write them anew: put what this expects between the marks.
it('docs/s3.md has every operation and every header, as the rows have them', async () => {
  const text = await readFile(file, 'utf8');
  for (const [name, wanted] of Object.entries(s3Tables())) {
    expect(section(text, name)).toBe(plain(wanted));
  }
});
