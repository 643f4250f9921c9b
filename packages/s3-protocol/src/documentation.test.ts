import { readFile } from 'node:fs/promises';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { s3Tables } from '../test/s3-table.ts';

const file = new URL('../../../docs/s3.md', import.meta.url);

/** The lines between the two marks of a table, as the formatter leaves them. */
function section(text: string, name: string): string {
  const [, found = ''] = new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)<!-- end -->`).exec(text) ?? [];
  return found.trim();
}

// To write them anew: put what this expects between the marks.
it('docs/s3.md has every operation and every header, as the rows have them', async () => {
  const text = await readFile(file, 'utf8');
  for (const [name, wanted] of Object.entries(s3Tables())) {
    const formatted = await format(wanted, { parser: 'markdown', printWidth: 1000 });
    expect(section(text, name)).toBe(formatted.trim());
  }
});
