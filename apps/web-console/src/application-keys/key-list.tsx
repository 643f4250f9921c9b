import { useMemo, useRef, type ReactNode } from 'react';
import { useGridListItem } from 'react-aria/useGridList';
import type { Node } from 'react-stately';
import type { ListState } from 'react-stately/useListState';
import { countOf } from '../format/bytes.ts';
import { formatTime } from '../format/time.ts';
import { visibleText } from '../format/visible-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Name } from '../ui/name.tsx';
import { RowCollection, type Rows } from '../ui/row-collection.ts';
import { useSize } from '../ui/use-size.ts';
import { VirtualList } from '../ui/virtual-list.tsx';
import { KeyBuckets } from './key-buckets.tsx';
import './key-list.css';
import type { ApplicationKey } from './key-queries.ts';

/** So many rows before the end of what is loaded, the next page is asked for. */
const loadAhead = 100;
/** Below this width of the list, a row has its facts below the name. */
const narrowWidth = 720;

interface KeyListProps {
  readonly keys: readonly ApplicationKey[];
  /** The key that the tab is signed in with. */
  readonly ownId: string;
  readonly bucketNames: ReadonlyMap<string, string>;
  readonly canGrow: boolean;
  readonly isLoading: boolean;
  readonly onLoadMore: () => void;
  readonly onOpen: (key: ApplicationKey) => void;
  readonly renderActions: (key: ApplicationKey) => ReactNode;
}

/** The application keys: an account may have many thousands, so only the rows that are seen are elements. */
export function KeyList(props: KeyListProps) {
  const { keys, ownId, bucketNames, canGrow, isLoading, onLoadMore, onOpen, renderActions } = props;
  const listRef = useRef<HTMLDivElement>(null);
  const { width, bar } = useSize(listRef);
  const isNarrow = width < narrowWidth;
  const rowHeight = isNarrow ? 84 : 60;
  const collection = useMemo(() => new RowCollection(rowsOf(keys), textsOf), [keys]);
  return (
    <div className={`key-list${isNarrow ? ' narrow' : ''}`}>
      {!isNarrow && (
        <div className="key-columns" style={{ marginRight: bar }} aria-hidden>
          <span>Name</span>
          <span>Capabilities</span>
          <span>Buckets</span>
          <span>Prefix</span>
          <span>Expires</span>
        </div>
      )}
      <VirtualList
        {...{ label: 'Application keys', collection, rowHeight, listRef, onOpen }}
        onShown={(last) => {
          if (canGrow && !isLoading && last > keys.length - loadAhead) onLoadMore();
        }}
        renderRow={(node, state) => (
          <KeyRow
            key={node.key}
            {...{ node, state, rowHeight, isNarrow, bucketNames, onOpen, renderActions }}
            isOwn={node.key === ownId}
          />
        )}
      />
      <p className="key-list-end small soft" role="status">
        {countOf(keys.length, 'key')}
        {canGrow && (isLoading ? ' loaded, loading …' : ' loaded, more as you scroll')}
      </p>
    </div>
  );
}

function rowsOf(keys: readonly ApplicationKey[]): Rows<ApplicationKey> {
  const indexes = new Map<string, number>(keys.map(({ applicationKeyId }, index) => [applicationKeyId, index]));
  return {
    size: keys.length,
    at: (index) => keys[index],
    indexOf: (key) => indexes.get(key) ?? -1,
    [Symbol.iterator]: () => keys[Symbol.iterator](),
  };
}

function textsOf({ applicationKeyId: key, keyName, capabilities }: ApplicationKey) {
  const text = visibleText(keyName);
  return { key, text, spoken: `${text}, ${key}, ${capabilitiesText(capabilities)}` };
}

function capabilitiesText(capabilities: readonly string[]): string {
  return countOf(capabilities.length, 'capability', 'capabilities');
}

interface KeyRowProps extends Pick<KeyListProps, 'bucketNames' | 'onOpen' | 'renderActions'> {
  readonly node: Node<ApplicationKey>;
  readonly state: ListState<ApplicationKey>;
  /** CSS pixels. */
  readonly rowHeight: number;
  readonly isNarrow: boolean;
  readonly isOwn: boolean;
}

function KeyRow({ node, state, rowHeight, isNarrow, isOwn, bucketNames, onOpen, renderActions }: KeyRowProps) {
  const ref = useRef<HTMLDivElement>(null);
  // Not as virtualized: for the number of the row, the hook would go through all rows of the list.
  const { rowProps, gridCellProps } = useGridListItem({ node }, state, ref);
  const { value: key, index } = node;
  if (key === null) return null;
  const { namePrefix, expirationTimestamp, capabilities, keyName } = key;
  const isExpired = expirationTimestamp !== null && expirationTimestamp <= Date.now();
  return (
    <div
      {...rowProps}
      ref={ref}
      aria-rowindex={index + 1}
      className="key-row"
      style={{ top: index * rowHeight, height: rowHeight }}
    >
      <div {...gridCellProps} className="key-row-cell">
        <div className="key-cell">
          <span className="key-name">
            <strong>
              <Name oneLine>{keyName}</Name>
            </strong>
            {isOwn && <Badge kind="accent">In use here</Badge>}
            {isExpired && <Badge kind="warning">Expired</Badge>}
          </span>
          <code className="small soft one-line">{key.applicationKeyId}</code>
          {isNarrow && (
            <span className="small soft one-line">
              {capabilitiesText(capabilities)} · <KeyBuckets applicationKey={key} names={bucketNames} most={1} />
            </span>
          )}
        </div>
        {!isNarrow && (
          <>
            <span className="key-capabilities">
              <Button
                variant="quiet"
                aria-label={`${capabilitiesText(capabilities)} of ${keyName}`}
                onPress={() => {
                  onOpen(key);
                }}
              >
                {capabilitiesText(capabilities)}
              </Button>
            </span>
            <span className="one-line">
              <KeyBuckets applicationKey={key} names={bucketNames} most={1} />
            </span>
            <span className="one-line">
              {namePrefix === null || namePrefix === '' ? (
                <span className="soft">None</span>
              ) : (
                <Name oneLine>{namePrefix}</Name>
              )}
            </span>
            <span className="small soft numbers">
              {expirationTimestamp === null ? 'Never' : formatTime(expirationTimestamp)}
            </span>
          </>
        )}
        <span className="key-actions">{renderActions(key)}</span>
      </div>
    </div>
  );
}
