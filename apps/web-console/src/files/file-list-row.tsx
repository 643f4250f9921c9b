import { useRef, type KeyboardEvent, type MouseEvent, type ReactNode, type SyntheticEvent } from 'react';
import type { Node } from 'react-stately';
import type { ListState } from 'react-stately/useListState';
import { useGridListItem } from 'react-aria/useGridList';
import { formatBytes } from '../format/bytes.ts';
import { formatTime } from '../format/time.ts';
import { Badge, EncryptionBadge } from '../ui/badge.tsx';
import { DoneIcon, FileIcon, FolderIcon, HideIcon, UploadIcon } from '../ui/icons.ts';
import { Name } from '../ui/name.tsx';
import { labelIn } from './file-place.ts';
import type { FileRow } from './file-rows.ts';

const icons = { folder: FolderIcon, file: FileIcon, hideMarker: HideIcon, unfinished: UploadIcon };

interface FileListRowProps {
  readonly node: Node<FileRow>;
  readonly state: ListState<FileRow>;
  /** CSS pixels. */
  readonly rowHeight: number;
  readonly prefix: string;
  readonly isNarrow: boolean;
  readonly isOpen: boolean;
  readonly renderState: ((row: FileRow) => ReactNode) | undefined;
  readonly hrefOf: (row: FileRow) => string;
}

export function FileListRow(props: FileListRowProps) {
  const { node, state, rowHeight, prefix, isNarrow, isOpen, renderState, hrefOf } = props;
  const ref = useRef<HTMLDivElement>(null);
  // Not as virtualized: for the number of the row, the hook would go through all rows of the list.
  const { rowProps, gridCellProps } = useGridListItem({ node }, state, ref);
  const { value: row, index } = node;
  if (row === null) return null;
  const Icon = icons[row.kind];
  const isSelected = state.selectionManager.isSelected(node.key);
  return (
    <div
      {...rowProps}
      ref={ref}
      aria-rowindex={index + 1}
      className={`file-row${isSelected ? ' selected' : ''}${isOpen ? ' open' : ''}`}
      style={{ top: index * rowHeight, height: rowHeight }}
    >
      <div {...gridCellProps} className="file-row-cell">
        <RowCheckbox node={node} state={state} />
        <Icon size={18} aria-hidden className={`file-icon ${row.kind}`} />
        <span className="file-name">
          <RowLink href={hrefOf(row)} isSelecting={!state.selectionManager.isEmpty}>
            <Name oneLine>{labelIn(prefix, row.name)}</Name>
          </RowLink>
        </span>
        <span className="file-size numbers">{row.kind === 'file' ? formatBytes(row.size) : ''}</span>
        <span className="file-mode">{row.mode !== undefined && <EncryptionBadge mode={row.mode} />}</span>
        {!isNarrow && <span className="file-time small soft numbers">{row.time > 0 ? formatTime(row.time) : ''}</span>}
        <span className="file-state">{renderState?.(row) ?? <RowState row={row} />}</span>
      </div>
    </div>
  );
}

interface RowLinkProps {
  readonly href: string;
  /** Whether rows are being selected: then what is pressed is meant for the row, with any key. */
  readonly isSelecting: boolean;
  readonly children: ReactNode;
}

/**
 * A link of the browser, for its menu, other tabs and windows. What the console does when it is pressed is left to the
 * row. The arrow keys reach it; the Tab key stops at the row only.
 */
function RowLink({ href, isSelecting, children }: RowLinkProps) {
  const opensElsewhere = ({ ctrlKey, metaKey, shiftKey }: Modifiers): boolean =>
    !isSelecting && (ctrlKey || metaKey || shiftKey);
  const keepOthers = (event: MouseEvent): void => {
    if (opensElsewhere(event)) event.stopPropagation();
  };
  const keepOthersOnly = (event: MouseEvent | KeyboardEvent): void => {
    if (opensElsewhere(event)) event.stopPropagation();
    else event.preventDefault();
  };
  return (
    <a
      href={href}
      className="file-link"
      tabIndex={-1}
      draggable={false}
      onPointerDown={keepOthers}
      onMouseDown={keepOthers}
      onClick={keepOthersOnly}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keepOthersOnly(event);
      }}
    >
      {children}
    </a>
  );
}

type Modifiers = Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** Of the browser, not of the library: dozens of them are made anew with every jump of the scroll bar. */
function RowCheckbox({
  node: { key, textValue },
  state: { selectionManager },
}: Pick<FileListRowProps, 'node' | 'state'>) {
  const isSelected = selectionManager.isSelected(key);
  // The row takes what is pressed in it as meant for the whole of it.
  const keep = (event: SyntheticEvent): void => {
    event.stopPropagation();
  };
  return (
    <label className="file-check" onPointerDown={keep} onMouseDown={keep} onTouchStart={keep} onClick={keep}>
      <input
        type="checkbox"
        className="visually-hidden"
        aria-label={`Select ${textValue}`}
        checked={isSelected}
        onKeyDown={(event) => {
          if (event.key === ' ') keep(event);
        }}
        onClick={(event) => {
          event.stopPropagation();
          if (event.shiftKey) selectionManager.extendSelection(key);
          else selectionManager.toggleSelection(key);
        }}
        onChange={() => undefined}
      />
      <span className="checkbox-mark" aria-hidden>
        {isSelected && <DoneIcon size={14} />}
      </span>
    </label>
  );
}

function RowState({ row: { kind, isNewest } }: { readonly row: FileRow }) {
  if (kind === 'hideMarker') return <Badge kind="warning">Hide marker</Badge>;
  if (kind === 'unfinished') return <Badge>Unfinished</Badge>;
  if (kind === 'file' && isNewest === false) return <Badge>Older version</Badge>;
  return null;
}
