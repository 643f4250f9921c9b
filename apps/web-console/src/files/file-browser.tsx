import { useRouter } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { Bucket } from '../buckets/bucket-queries.ts';
import { formatBytes, countOf } from '../format/bytes.ts';
import { visibleText } from '../format/visible-text.ts';
import { useConsoleSettings } from '../session/console-settings.ts';
import { useSession } from '../session/session-context.tsx';
import { SnapshotDialog } from '../snapshots/snapshot-dialog.tsx';
import { UploadArea } from '../uploads/upload-area.tsx';
import { IconButton } from '../ui/button.tsx';
import { Checkbox, SearchField } from '../ui/fields.tsx';
import {
  CopyIcon,
  DeleteIcon,
  FileIcon,
  FolderIcon,
  LinkIcon,
  RefreshIcon,
  SearchIcon,
  SnapshotIcon,
} from '../ui/icons.ts';
import { ActionMenu, type MenuAction } from '../ui/menu.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { EmptyState, Loading } from '../ui/page.tsx';
import { LinkDialog } from './details/link-dialog.tsx';
import { FileList } from './file-list.tsx';
import type { FileListing } from './file-listing.ts';
import { folderOf, listedPlace, placeOfRow, type FilesSearch, type ListedPlace } from './file-place.ts';
import { useListing, useParts } from './file-queries.ts';
import type { FileRow } from './file-rows.ts';
import { Breadcrumbs, FileViews } from './file-views.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { CopyDialog } from './work/copy-dialog.tsx';
import { DeleteDialog } from './work/delete-dialog.tsx';

interface FileBrowserProps {
  readonly bucket: Bucket;
  readonly place: FilesSearch;
  readonly go: (place: FilesSearch) => void;
  /** Goes to where the details of a file are shown. */
  readonly onOpenFile: (place: FilesSearch) => void;
  readonly listRef: RefObject<HTMLDivElement | null>;
}

/** The list of a folder, with the ways to others. */
export function FileBrowser({ bucket, place, go, onOpenFile, listRef }: FileBrowserProps) {
  const { rights } = useSession();
  const { bucketName } = bucket;
  const { prefix = '', show } = place;
  const listed = listedPlace(place, rights.namePrefix);
  // Who opens a folder in the list goes on in the list of that folder.
  const takesFocus = useRef(false);
  return (
    <div className="file-browser">
      <Breadcrumbs {...{ bucketName, place }} />
      <div className="file-toolbar">
        <FileViews {...{ bucketName, place }} />
        <PrefixSearch
          value={place.search ?? ''}
          onSearch={(search) => {
            go({
              ...(prefix !== '' && { prefix }),
              ...(show !== undefined && { show }),
              ...(search !== '' && { search }),
            });
          }}
        />
      </div>
      {!rights.has('listFiles') ? (
        <Notice title="This key may not list files">It lacks the capability listFiles.</Notice>
      ) : listed === undefined ? (
        <Notice title="This key may not see this folder">
          It may only see names that begin with <bdi className="name mono">{visibleText(rights.namePrefix)}</bdi>.
        </Notice>
      ) : (
        <ListedFiles key={JSON.stringify(listed)} {...{ bucket, place, listed, go, onOpenFile, listRef, takesFocus }} />
      )}
    </div>
  );
}

function PrefixSearch({ value, onSearch }: { readonly value: string; readonly onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    setText(value);
  }, [value]);
  return (
    <form
      role="search"
      className="file-search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(text);
      }}
    >
      <SearchField
        label="Names in all folders that begin with"
        placeholder="Names that begin with …"
        value={text}
        onChange={(changed) => {
          setText(changed);
          if (changed === '' && value !== '') onSearch('');
        }}
        onSubmit={onSearch}
      />
    </form>
  );
}

interface ListedFilesProps extends FileBrowserProps {
  /** Whether the list gets the focus as soon as it is there. */
  readonly takesFocus: RefObject<boolean>;
  readonly listed: ListedPlace;
}

const noKeys: ReadonlySet<string> = new Set();

function ListedFiles({ bucket, place, listed, go, onOpenFile, listRef, takesFocus }: ListedFilesProps) {
  const { rights } = useSession();
  const { listing, error, isLoading, isOutdated, loadMore, reload } = useListing(bucket.bucketId, listed);
  const [selectedKeys, setSelectedKeys] = useState(noKeys);
  const [isWhole, setIsWhole] = useState(false);
  const select = (keys: ReadonlySet<string>): void => {
    setSelectedKeys(keys);
    setIsWhole(false);
  };
  const { prefix = '' } = place;
  const hrefOf = useHrefs(bucket.bucketName);
  const open = (row: FileRow): void => {
    const opened = placeOfRow(row, place);
    if (row.kind === 'folder') {
      takesFocus.current = true;
      go(opened);
    } else onOpenFile(opened);
  };
  const isLoaded = listing !== undefined;
  useEffect(() => {
    if (!isLoaded || !takesFocus.current) return;
    takesFocus.current = false;
    listRef.current?.focus();
  }, [isLoaded, takesFocus, listRef]);
  if (listing === undefined) {
    if (error === null || error === undefined) return <Loading what="Loading the list" />;
    return <ErrorNotice title="The files could not be listed" error={error} onRetry={reload} />;
  }
  const hasFailed = error !== null && error !== undefined;
  const openKey =
    place.file === undefined ? undefined : place.version === undefined ? `f${place.file}` : `v${place.version}`;
  return (
    <UploadArea bucket={bucket} prefix={folderOf(prefix)}>
      <div className="file-frame">
        {selectedKeys.size > 0 ? (
          <SelectionBar
            {...{ bucket, listing, selectedKeys, isWhole }}
            place={listed}
            onWhole={() => {
              setIsWhole(true);
            }}
            onClear={() => {
              select(noKeys);
            }}
          />
        ) : (
          <ListHeading
            {...{ bucket, listed, listing, isLoading, reload }}
            onSelectAll={() => {
              select(new Set([...listing].map(({ key }) => key)));
            }}
          />
        )}
        {listing.size === 0 ? (
          <Empty kind={listed.kind} isSearch={place.search !== undefined} mayWrite={rights.has('writeFiles')} />
        ) : (
          <FileList
            {...{ listing, prefix: folderOf(prefix), selectedKeys, isLoading, isOutdated, listRef, openKey }}
            label="Files"
            hasStates={listed.kind === 'versions' || listed.kind === 'unfinished'}
            onSelect={select}
            onOpen={open}
            hrefOf={(row) => hrefOf(placeOfRow(row, place))}
            onLoadMore={hasFailed ? ignore : loadMore}
            renderState={
              listed.kind === 'unfinished' && rights.has('writeFiles')
                ? ({ fileId }) => <PartsSoFar bucket={bucket} fileId={fileId} />
                : undefined
            }
          />
        )}
      </div>
      {hasFailed && <ErrorNotice title="The list could not be continued" error={error} onRetry={reload} />}
    </UploadArea>
  );
}

/** The addresses of places in a bucket, without all that the router does for a link: lists have many. */
function useHrefs(bucketName: string): (place: FilesSearch) => string {
  const router = useRouter();
  return useMemo(() => {
    const { href } = router.buildLocation({ to: '/buckets/$bucketName/files', params: { bucketName }, search: {} });
    return (place) => `${href}${router.options.stringifySearch({ ...place })}`;
  }, [router, bucketName]);
}

const ignore = (): void => undefined;

function PartsSoFar({ bucket, fileId }: { readonly bucket: Bucket; readonly fileId: string | null }) {
  const { data } = useParts(bucket.bucketId, fileId ?? '', fileId !== null);
  return (
    <span className="small soft numbers">{data && `${countOf(data.count, 'part')}, ${formatBytes(data.bytes)}`}</span>
  );
}

interface ListHeadingProps {
  readonly bucket: Bucket;
  readonly listed: ListedPlace;
  readonly listing: FileListing;
  readonly isLoading: boolean;
  readonly reload: () => void;
  readonly onSelectAll: () => void;
}

function ListHeading({ bucket, listed, listing, isLoading, reload, onSelectAll }: ListHeadingProps) {
  return (
    <div className="list-heading">
      <Checkbox isSelected={false} isDisabled={listing.size === 0} onChange={onSelectAll}>
        Select all that are loaded
      </Checkbox>
      <div className="row">
        <IconButton icon={RefreshIcon} label="Load the list again" onPress={reload} isDisabled={isLoading} />
        <FolderActions {...{ bucket, listed, isEmpty: listing.size === 0 }} />
      </div>
    </div>
  );
}

interface EmptyProps {
  readonly kind: ListedPlace['kind'];
  readonly isSearch: boolean;
  readonly mayWrite: boolean;
}

function Empty({ kind, isSearch, mayWrite }: EmptyProps) {
  if (isSearch) {
    return (
      <EmptyState icon={SearchIcon} title="Nothing begins with that">
        The search looks for the beginnings of names, upper and lower case as they are written.
      </EmptyState>
    );
  }
  if (kind === 'unfinished') {
    return (
      <EmptyState icon={FileIcon} title="There are no unfinished large files here">
        Uploads of large files that were begun and not finished appear here.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={FolderIcon} title="There is nothing here">
      {mayWrite ? 'Upload files, or drop them here.' : 'Hidden files are listed under Versions.'}
    </EmptyState>
  );
}

interface FolderActionsProps {
  readonly bucket: Bucket;
  readonly listed: ListedPlace;
  readonly isEmpty: boolean;
}

/** What can be done with everything in the place. */
function FolderActions({ bucket, listed: { prefix, kind }, isEmpty }: FolderActionsProps) {
  const { rights } = useSession();
  const settings = useConsoleSettings();
  const [open, setOpen] = useState<'snapshot' | 'copy' | 'delete' | 'link'>();
  const close = (): void => {
    setOpen(undefined);
  };
  const selection = { rows: [], prefixes: [prefix] };
  const what = prefix === '' ? 'the bucket' : prefix.endsWith('/') ? 'this folder' : 'what is listed';
  const action = (
    id: NonNullable<typeof open>,
    label: string,
    icon: MenuAction['icon'],
    isDanger = false,
  ): MenuAction => ({
    ...{ id, label, isDanger, ...(icon && { icon }) },
    onAction: () => {
      setOpen(id);
    },
  });
  const hasFiles = !isEmpty && kind !== 'unfinished';
  return (
    <>
      <ActionMenu
        label={`Actions for ${what}`}
        actions={[
          ...(settings?.snapshots === true && hasFiles && rights.has('readFiles')
            ? [action('snapshot', `Snapshot of ${what}`, SnapshotIcon)]
            : []),
          ...(hasFiles && rights.has('readFiles', 'writeFiles') ? [action('copy', `Copy ${what} to …`, CopyIcon)] : []),
          ...(rights.has('shareFiles') ? [action('link', `Make links for ${what}`, LinkIcon)] : []),
          ...(hasFiles && rights.has('deleteFiles')
            ? [action('delete', `Delete ${prefix === '' ? 'everything in the bucket' : what}`, DeleteIcon, true)]
            : []),
        ]}
      />
      {open === 'copy' && (
        <CopyDialog {...{ bucket, selection, folder: folderOf(prefix), isOfVersions: false, onClose: close }} />
      )}
      {open === 'delete' && <DeleteDialog {...{ bucket, selection, isOfVersions: false, onClose: close }} />}
      {open === 'link' && <LinkDialog {...{ bucket, onClose: close }} of={{ prefix }} />}
      {open === 'snapshot' && (
        <SnapshotDialog
          {...{ bucket, isOpen: true, onClose: close }}
          selection={{ fileNames: [], folders: [prefix] }}
        />
      )}
    </>
  );
}
