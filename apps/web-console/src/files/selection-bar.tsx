import { useState } from 'react';
import type { Bucket } from '../buckets/bucket-queries.ts';
import { countOf } from '../format/bytes.ts';
import { useConsoleSettings } from '../session/console-settings.ts';
import { useSession } from '../session/session-context.tsx';
import { SnapshotDialog } from '../snapshots/snapshot-dialog.tsx';
import { Button } from '../ui/button.tsx';
import { CloseIcon, CopyIcon, DeleteIcon, HideIcon, SnapshotIcon } from '../ui/icons.ts';
import type { FileListing } from './file-listing.ts';
import { folderOf, type ListedPlace } from './file-place.ts';
import { CopyDialog } from './work/copy-dialog.tsx';
import { CancelDialog, DeleteDialog, HideDialog } from './work/delete-dialog.tsx';
import { describeSelection, type FileSelection } from './work/file-selection.ts';

interface SelectionBarProps {
  readonly bucket: Bucket;
  readonly place: ListedPlace;
  readonly listing: FileListing;
  readonly selectedKeys: ReadonlySet<string>;
  /** Whether everything in the place is selected, also what is not loaded. */
  readonly isWhole: boolean;
  readonly onWhole: () => void;
  readonly onClear: () => void;
}

/** What is selected, and what can be done with it. */
export function SelectionBar(props: SelectionBarProps) {
  const { bucket, place, listing, selectedKeys, isWhole, onWhole, onClear } = props;
  const isEverythingLoaded = selectedKeys.size >= listing.size;
  const selection = isWhole ? { rows: [], prefixes: [place.prefix] } : selectionOf(listing, selectedKeys);
  const isEmpty = selection.rows.length + selection.prefixes.length === 0;
  const whole = place.prefix.endsWith('/') ? 'folder' : place.prefix === '' ? 'bucket' : 'search';
  return (
    <div className="selection-bar" role="group" aria-label="Selection">
      <span className="selection-count">
        {isEmpty
          ? 'What was selected is no longer here'
          : `${isWhole ? `Everything in this ${whole} is` : describe(selection, place)} selected`}
      </span>
      {!isWhole && isEverythingLoaded && listing.next !== undefined && place.kind !== 'unfinished' && (
        <Button variant="quiet" onPress={onWhole}>
          Select everything in this {whole}
        </Button>
      )}
      <div className="row selection-actions">
        <SelectionActions {...{ bucket, selection, isEmpty, place, onClear }} />
        <Button variant="quiet" icon={CloseIcon} onPress={onClear}>
          Clear
        </Button>
      </div>
    </div>
  );
}

function describe(selection: FileSelection, { kind }: ListedPlace): string {
  if (kind === 'unfinished') return countOf(selection.rows.length, 'unfinished file');
  return describeSelection(selection, ...(kind === 'versions' ? (['version'] as const) : []));
}

/** What is selected of what is loaded, in the order of the list, whatever was selected first. */
function selectionOf(listing: FileListing, keys: ReadonlySet<string>): FileSelection {
  const places = [...keys].map((key) => listing.indexOf(key)).sort((one, other) => one - other);
  const rows = places.map((at) => listing.at(at)).filter((row) => row !== undefined);
  return {
    rows: rows.filter(({ kind }) => kind !== 'folder'),
    prefixes: rows.filter(({ kind }) => kind === 'folder').map(({ name }) => name),
  };
}

interface SelectionActionsProps {
  readonly bucket: Bucket;
  readonly selection: FileSelection;
  /** Whether nothing of it is there any more; a dialog may still tell what came of it. */
  readonly isEmpty: boolean;
  readonly place: ListedPlace;
  readonly onClear: () => void;
}

type OpenDialog = 'copy' | 'hide' | 'delete' | 'snapshot' | 'cancel';

function SelectionActions({ bucket, selection, isEmpty, place, onClear }: SelectionActionsProps) {
  const { rights } = useSession();
  const settings = useConsoleSettings();
  // As it was when the dialog was opened: the list may be read again below it.
  const [open, setOpen] = useState<{ readonly dialog: OpenDialog; readonly selection: FileSelection }>();
  const opens = (dialog: OpenDialog) => (): void => {
    setOpen({ dialog, selection });
  };
  const close = (isDone: boolean): void => {
    setOpen(undefined);
    if (isDone) onClear();
  };
  const isOfVersions = place.kind === 'versions';
  const folder = folderOf(place.prefix);
  if (place.kind === 'unfinished') {
    return (
      <>
        {!isEmpty && rights.has('writeFiles') && (
          <Button variant="danger" icon={DeleteIcon} onPress={opens('cancel')}>
            Cancel them
          </Button>
        )}
        {open && <CancelDialog {...{ bucket, selection: open.selection, onClose: close }} />}
      </>
    );
  }
  return (
    <>
      {!isEmpty && rights.has('readFiles', 'writeFiles') && (
        <Button icon={CopyIcon} onPress={opens('copy')}>
          Copy to …
        </Button>
      )}
      {!isEmpty && settings?.snapshots === true && !isOfVersions && rights.has('readFiles') && (
        <Button icon={SnapshotIcon} onPress={opens('snapshot')}>
          Snapshot
        </Button>
      )}
      {!isEmpty && rights.has('writeFiles') && !isOfVersions && (
        <Button icon={HideIcon} onPress={opens('hide')}>
          Hide
        </Button>
      )}
      {!isEmpty && rights.has('deleteFiles') && (
        <Button variant="danger" icon={DeleteIcon} onPress={opens('delete')}>
          Delete
        </Button>
      )}
      {open?.dialog === 'copy' && (
        <CopyDialog {...{ bucket, selection: open.selection, folder, isOfVersions, onClose: close }} />
      )}
      {open?.dialog === 'hide' && <HideDialog {...{ bucket, selection: open.selection, onClose: close }} />}
      {open?.dialog === 'delete' && (
        <DeleteDialog {...{ bucket, selection: open.selection, isOfVersions, onClose: close }} />
      )}
      {open?.dialog === 'snapshot' && (
        <SnapshotDialog
          bucket={bucket}
          selection={{ fileNames: open.selection.rows.map(({ name }) => name), folders: open.selection.prefixes }}
          isOpen
          onClose={() => {
            close(false);
          }}
        />
      )}
    </>
  );
}
