import { useMemo, type ReactNode, type RefObject } from 'react';
import { countOf } from '../format/bytes.ts';
import { RowCollection } from '../ui/row-collection.ts';
import { useSize } from '../ui/use-size.ts';
import { VirtualList } from '../ui/virtual-list.tsx';
import './file-list.css';
import { maxRows, type FileListing } from './file-listing.ts';
import { FileListRow } from './file-list-row.tsx';
import type { FileRow } from './file-rows.ts';
import { textsOf } from './file-texts.ts';

/** So many rows before the end of what is loaded, the next page is asked for. */
const loadAhead = 300;
/** Below this width of the list, a row has two lines. */
const narrowWidth = 640;

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

/** The rows of a folder or of a search, with what there is to know of the list. */
export function FileList(props: FileListProps) {
  const { label, listing, prefix, selectedKeys, onSelect, onOpen, onLoadMore, isLoading, openKey, renderState } = props;
  const { hasStates, isOutdated, hrefOf, listRef } = props;
  const { width, bar } = useSize(listRef);
  const isNarrow = width < narrowWidth;
  const rowHeight = isNarrow ? 60 : 44;
  const collection = useMemo(() => new RowCollection(listing, (row) => textsOf(prefix, row)), [listing, prefix]);
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
      <VirtualList
        {...{ label, collection, rowHeight, listRef, onOpen }}
        selection={{ selectedKeys, onSelect }}
        onShown={(last) => {
          if (listing.canGrow && !isLoading && last > listing.size - loadAhead) onLoadMore();
        }}
        renderRow={(node, state) => (
          <FileListRow
            key={node.key}
            {...{ node, state, rowHeight, prefix, isNarrow, renderState, hrefOf }}
            isOpen={node.key === openKey}
          />
        )}
      />
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
