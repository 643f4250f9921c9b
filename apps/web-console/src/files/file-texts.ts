import { formatBytes } from '../format/bytes.ts';
import { visibleText } from '../format/visible-text.ts';
import type { RowTexts } from '../ui/row-collection.ts';
import { labelIn } from './file-place.ts';
import type { FileRow } from './file-rows.ts';

const kinds = { folder: 'folder', file: undefined, hideMarker: 'hide marker', unfinished: 'unfinished large file' };

/** What the list of `prefix` has to know of a row. */
export function textsOf(prefix: string, row: FileRow): RowTexts {
  const { key, name, kind, size, mode, isNewest } = row;
  const text = visibleText(labelIn(prefix, name));
  const encryption = mode === undefined ? undefined : (mode ?? 'not encrypted');
  const age = isNewest === false ? 'older version' : undefined;
  const spoken = [text, kinds[kind], kind === 'file' ? formatBytes(size) : undefined, encryption, age]
    .filter((part) => part !== undefined)
    .join(', ');
  return { key, text, spoken };
}
