import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useGridList } from 'react-aria/useGridList';
import type { Key } from 'react-stately';
import { useListState, type ListProps } from 'react-stately/useListState';
import { countOf } from '../format/bytes.ts';
import { FileCollection } from './file-collection.ts';
import './file-list.css';
import { maxRows, type FileListing } from './file-listing.ts';
import { FileListRow } from './file-list-row.tsx';
import type { FileRow } from './file-rows.ts';
import { useSize } from './use-size.ts';

/** Rows that are there above and below what is seen, so that scrolling shows no gaps. */
const overscan = 8;
/** So many rows before the end of what is loaded, the next page is asked for. */
const loadAhead = 300;
/** Below this width of the list, a row has two lines. */
const narrowWidth = 640;

type LayoutDelegate = NonNullable<ListProps<FileRow>['layoutDelegate']>;

interface FileListProps {
  /** Read out. */
  readonly label: string;
  readonly listing: FileListing;
  /** What rows leave out of their names. */
  readonly prefix: string;
  readonly selectedKeys: ReadonlySet<string>;
  readonly onSelect: (keys: ReadonlySet<string>) => void;
  readonly onOpen: (row: FileRow) => void;
  /** The address that a row leads to. */
  readonly hrefOf: (row: FileRow) => string;
  readonly onLoadMore: () => void;
  readonly isLoading: boolean;
  /** Whether files have changed since it was loaded. */
  readonly isOutdated: boolean;
  /** The file whose details are shown. */
  readonly openKey: string | undefined;
  /** Whether rows have states, as versions do. */
  readonly hasStates: boolean;
  /** What stands at the end of a row, such as the parts of an unfinished file. */
  readonly renderState?: ((row: FileRow) => ReactNode) | undefined;
  /** What scrolls, for giving the focus back to it. */
  readonly listRef: RefObject<HTMLDivElement | null>;
}

/**
 * A list of any length: only the rows that are seen are elements. All rows are equally high, so that the place of each
 * is known without measuring.
 */
export function FileList(props: FileListProps) {
  const { label, listing, prefix, selectedKeys, onSelect, onOpen, onLoadMore, isLoading, openKey, renderState } = props;
  const { hasStates, isOutdated, hrefOf } = props;
  const ref = props.listRef;
  const { width, height, bar } = useSize(ref);
  const isNarrow = width < narrowWidth;
  const rowHeight = isNarrow ? 60 : 44;
  const collection = useMemo(() => new FileCollection(listing, prefix), [listing, prefix]);
  const layoutDelegate = useMemo(() => layoutOf(collection, ref, rowHeight), [collection, ref, rowHeight]);
  const state = useListState<FileRow>({
    ...{ collection, layoutDelegate, selectionMode: 'multiple', selectionBehavior: 'toggle' },
    selectedKeys,
    onSelectionChange: (keys) => {
      onSelect(keys === 'all' ? new Set(collection.getKeys() as Iterable<string>) : (keys as Set<string>));
    },
  });
  const open = (key: Key): void => {
    const row = listing.at(collection.indexOf(key));
    if (row) onOpen(row);
  };
  const { gridProps } = useGridList(
    { 'aria-label': label, isVirtualized: true, layoutDelegate, onAction: open },
    state,
    ref,
  );

  const [top, setTop] = useState(0);
  const first = Math.max(0, top - overscan);
  const last = Math.min(listing.size, top + Math.ceil(height / rowHeight) + overscan);
  useEffect(() => {
    if (listing.canGrow && !isLoading && last > listing.size - loadAhead) onLoadMore();
  });

  const { focusedKey } = state.selectionManager;
  const focused = focusedKey === null ? -1 : collection.indexOf(focusedKey);
  const isByKey = useRef(false);
  useLayoutEffect(() => {
    const { current } = ref;
    if (current === null || focused === -1 || !isByKey.current) return;
    const [start, end] = [focused * rowHeight, (focused + 1) * rowHeight];
    if (start < current.scrollTop) current.scrollTop = start;
    else if (end > current.scrollTop + current.clientHeight) current.scrollTop = end - current.clientHeight;
    setTop(Math.floor(current.scrollTop / rowHeight));
  }, [focused, ref, rowHeight]);

  // The row with the focus stays, wherever it is: otherwise the focus would be lost by scrolling.
  const shown = Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
  // In the order of the list: an element that is moved in the document loses the focus, too.
  if (focused !== -1 && focused < first) shown.unshift(focused);
  if (focused >= last) shown.push(focused);
  return (
    <div className={`file-list${isNarrow ? ' narrow' : ''}${hasStates ? ' with-state' : ''}`}>
      {!isNarrow && (
        <div className="file-columns" style={{ marginRight: bar }} aria-hidden>
          <span>Name</span>
          <span className="file-size">Size</span>
          <span>Encryption</span>
          <span>{renderState ? 'Started' : 'Uploaded'}</span>
          {hasStates && <span>{renderState ? 'So far' : 'State'}</span>}
        </div>
      )}
      <div
        {...gridProps}
        ref={ref}
        className="file-list-scroll"
        onScroll={(event) => {
          setTop(Math.floor(event.currentTarget.scrollTop / rowHeight));
        }}
        onKeyDownCapture={() => {
          isByKey.current = true;
        }}
        onPointerDownCapture={() => {
          isByKey.current = false;
        }}
        onFocus={(event) => {
          const { scrollTop } = event.currentTarget;
          gridProps.onFocus?.(event);
          // The hook scrolls back to where it saw the list last, which may be before a scroll of this very moment: the
          // row that was pressed would move away from the pointer.
          if (!isByKey.current) event.currentTarget.scrollTop = scrollTop;
        }}
      >
        <div role="presentation" className="file-list-content" style={{ height: listing.size * rowHeight }}>
          {shown.map((index) => {
            const node = collection.at(index);
            return (
              node && (
                <FileListRow
                  key={node.key}
                  {...{ node, state, rowHeight, prefix, isNarrow, renderState, hrefOf }}
                  isOpen={node.key === openKey}
                />
              )
            );
          })}
        </div>
      </div>
      <p className="file-list-end small soft">
        {endText(listing, isLoading)}
        {isOutdated && '; files have changed since: load the list again to see them'}
      </p>
    </div>
  );
}

function endText(listing: FileListing, isLoading: boolean): string {
  const count = countOf(listing.size, 'row');
  if (isLoading) return `${count} loaded, loading …`;
  if (listing.next === undefined) return count;
  if (listing.canGrow) return `${count} loaded, more as you scroll`;
  return `The first ${countOf(maxRows, 'row')} are shown. Open a folder or search to see others.`;
}

function layoutOf(
  collection: FileCollection,
  ref: RefObject<HTMLDivElement | null>,
  rowHeight: number,
): LayoutDelegate {
  const width = (): number => ref.current?.clientWidth ?? 0;
  return {
    getItemRect: (key) => {
      const index = collection.indexOf(key);
      return index === -1 ? null : { x: 0, y: index * rowHeight, width: width(), height: rowHeight };
    },
    getVisibleRect: () => {
      const { scrollTop: y = 0, clientHeight: height = 0 } = ref.current ?? {};
      return { x: 0, y, width: width(), height };
    },
    getContentSize: () => ({ width: width(), height: collection.size * rowHeight }),
  };
}
