import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useBucket, type Bucket } from '../buckets/bucket-queries.ts';
import type { Rights } from '../session/rights.ts';
import { useSession } from '../session/session-context.tsx';
import { UploadButton } from '../uploads/upload-area.tsx';
import { DialogWatch } from '../ui/dialog.tsx';
import { Notice, ErrorNotice } from '../ui/notice.tsx';
import { Loading, Page } from '../ui/page.tsx';
import { useMedia } from '../ui/use-size.ts';
import { DetailsFrame } from './details/details-frame.tsx';
import { FileDetails } from './details/file-details.tsx';
import { FileBrowser } from './file-browser.tsx';
import { folderOf, type FilesSearch } from './file-place.ts';
import './files-page.css';

const route = getRouteApi('/buckets/$bucketName/files');

/** The files of a bucket. */
export function FilesPage() {
  const { bucketName } = route.useParams();
  const { rights } = useSession();
  const query = useBucket(bucketName);
  const bucket = query.data ?? unlistedBucket(bucketName, rights, query.isError);
  if (bucket) return <BucketFiles key={bucket.bucketId} bucket={bucket} />;
  return (
    <Page title={bucketName} above={<Link to="/buckets">Buckets</Link>}>
      {query.isPending ? (
        <Loading what="Looking up the bucket" />
      ) : query.isError ? (
        <ErrorNotice
          title="The bucket could not be looked up"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Notice kind="warning" title="There is no such bucket">
          There is none of this name, or this key may not see it. <Link to="/buckets">See all buckets</Link>
        </Notice>
      )}
    </Page>
  );
}

/**
 * A key that is restricted to buckets knows their ids and names, and may list their files although it may not list
 * buckets. Nothing else is known of such a bucket.
 */
function unlistedBucket(name: string, rights: Rights, isError: boolean): Bucket | undefined {
  const known = rights.buckets?.find((bucket) => bucket.name === name);
  if (known === undefined || !isError || rights.has('listBuckets')) return undefined;
  const hidden = { isClientAuthorizedToRead: false, value: null } as const;
  const unknown = { bucketInfo: {}, corsRules: [], lifecycleRules: [], options: [], revision: 0 };
  return {
    ...{ ...unknown, bucketId: known.id, bucketName: name, bucketType: 'allPrivate' },
    ...{ defaultServerSideEncryption: hidden, fileLockConfiguration: hidden, replicationConfiguration: hidden },
  } as unknown as Bucket;
}

function BucketFiles({ bucket }: { readonly bucket: Bucket }) {
  const place = route.useSearch();
  const { rights } = useSession();
  const router = useRouter();
  const { isBeside, onDialog } = useDetailsFrame();
  const [isOpened, setIsOpened] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const { bucketName } = bucket;
  const go = useCallback(
    (search: FilesSearch, replace = false): void => {
      void router.navigate({
        ...{ to: '/buckets/$bucketName/files', params: { bucketName }, search, replace, resetScroll: false },
      });
    },
    [router, bucketName],
  );
  // A key that may only see some names begins at the folder of these.
  const first = folderOf(rights.namePrefix);
  const isAbove = first !== '' && first !== place.prefix && first.startsWith(place.prefix ?? '');
  useEffect(() => {
    if (isAbove) go({ ...place, prefix: first }, true);
  }, [isAbove, first, place, go]);

  const { file } = place;
  const closeDetails = (): void => {
    const { file: _, version: __, ...rest } = place;
    go(rest);
    list.current?.focus();
  };
  const details = file !== undefined && (
    <DetailsFrame name={file} isBeside={isBeside} takesFocus={isOpened} onClose={closeDetails}>
      <DialogWatch onOpened={onDialog}>
        <FileDetails
          key={file}
          bucket={bucket}
          place={{ ...place, file }}
          onGone={(what) => {
            const { version: _, ...rest } = place;
            if (what === 'file') closeDetails();
            else go(rest, true);
          }}
        />
      </DialogWatch>
    </DetailsFrame>
  );
  const uploads = folderOf(place.prefix ?? '');
  return (
    <Page
      title={bucketName}
      above={<Link to="/buckets">Buckets</Link>}
      actions={
        <>
          <Link to="/buckets/$bucketName/settings" params={{ bucketName }} className="button secondary">
            Settings
          </Link>
          {rights.has('writeFiles') && <UploadButton bucket={bucket} prefix={uploads} />}
        </>
      }
    >
      <div className={details === false || !isBeside ? 'files' : 'files beside'}>
        <FileBrowser
          {...{ bucket, place, go }}
          listRef={list}
          onOpenFile={(opened) => {
            setIsOpened(true);
            go(opened);
          }}
        />
        {details}
      </div>
    </Page>
  );
}

/**
 * Whether the details of a file are beside the list, which depends on the width of the window. They are made anew when
 * that changes, and what somebody does in a dialog that was opened from them would end with the old ones: so the change
 * waits until the dialog is closed.
 */
function useDetailsFrame(): { readonly isBeside: boolean; readonly onDialog: () => () => void } {
  const isWide = useMedia('(width >= 1100px)');
  const [isBeside, setIsBeside] = useState(isWide);
  const [dialogs, setDialogs] = useState(0);
  const onDialog = useCallback(() => {
    setDialogs((count) => count + 1);
    return () => {
      setDialogs((count) => count - 1);
    };
  }, []);
  if (dialogs === 0 && isBeside !== isWide) setIsBeside(isWide);
  return { isBeside, onDialog };
}
