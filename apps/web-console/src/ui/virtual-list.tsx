import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useGridList } from 'react-aria/useGridList';
import type { Node } from 'react-stately';
import { useListState, type ListProps, type ListState } from 'react-stately/useListState';
import type { RowCollection } from './row-collection.ts';
import { useSize } from './use-size.ts';
import './virtual-list.css';

/** Rows that are there above and below what is seen, so that scrolling shows no gaps. */
const overscan = 8;

interface VirtualListProps<Row extends object> {
  /** Read out. */
  readonly label: string;
  readonly collection: RowCollection<Row>;
  /** CSS pixels; all rows are equally high, so that the place of each is known without measuring. */
  readonly rowHeight: number;
  /** What is selected; undefined: nothing can be. */
  readonly selection?: {
    readonly selectedKeys: ReadonlySet<string>;
    readonly onSelect: (keys: ReadonlySet<string>) => void;
  };
  readonly onOpen: (row: Row) => void;
  /** Called with each render: how many rows there are down to the last one that is shown. */
  readonly onShown: (last: number) => void;
  /** A row, which is placed by its index and has that as its `key`. */
  readonly renderRow: (node: Node<Row>, state: ListState<Row>) => ReactNode;
  /** What scrolls, for giving the focus back to it. */
  readonly listRef: RefObject<HTMLDivElement | null>;
}

/** A list of any length: only the rows that are seen are elements. */
export function VirtualList<Row extends object>(props: VirtualListProps<Row>) {
  const { label, collection, rowHeight, selection, onOpen, onShown, renderRow, listRef: ref } = props;
  const { height } = useSize(ref);
  const layoutDelegate = useMemo(() => layoutOf(collection, ref, rowHeight), [collection, ref, rowHeight]);
  const state = useListState<Row>({
    ...{ collection, layoutDelegate, selectionBehavior: 'toggle' },
    selectionMode: selection ? 'multiple' : 'none',
    ...(selection && {
      selectedKeys: selection.selectedKeys,
      onSelectionChange: (keys) => {
        selection.onSelect(keys === 'all' ? new Set(collection.getKeys() as Iterable<string>) : (keys as Set<string>));
      },
    }),
  });
  const { gridProps } = useGridList(
    {
      ...{ 'aria-label': label, isVirtualized: true, layoutDelegate },
      onAction: (key) => {
        const row = collection.rowOf(key);
        if (row) onOpen(row);
      },
    },
    state,
    ref,
  );

  const [top, setTop] = useState(0);
  const first = Math.max(0, top - overscan);
  const last = Math.min(collection.size, top + Math.ceil(height / rowHeight) + overscan);
  useEffect(() => {
    onShown(last);
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
    <div
      {...gridProps}
      ref={ref}
      className="virtual-list"
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
      <div role="presentation" className="virtual-list-content" style={{ height: collection.size * rowHeight }}>
        {shown.map((index) => {
          const node = collection.at(index);
          return node && renderRow(node, state);
        })}
      </div>
    </div>
  );
}

type LayoutDelegate = NonNullable<ListProps<object>['layoutDelegate']>;

function layoutOf<Row extends object>(
  collection: RowCollection<Row>,
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
