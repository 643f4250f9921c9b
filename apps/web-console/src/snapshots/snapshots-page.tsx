import { consoleOperations } from '@coffer/console-schema';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { DownloadButton } from '../downloads/download-button.tsx';
import { countOf, formatBytes } from '../format/bytes.ts';
import { formatTime } from '../format/time.ts';
import { useConsoleSettingsQuery } from '../session/console-settings.ts';
import { useSession } from '../session/session-context.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { DeleteIcon, SnapshotIcon } from '../ui/icons.ts';
import { Name } from '../ui/name.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { EmptyState, Loading, Page } from '../ui/page.tsx';
import { Progress } from '../ui/progress.tsx';
import { tellDone, tellError } from '../ui/toast.tsx';
import { NameList } from './name-list.tsx';
import { isUnderWay, snapshotObstacle, useRefreshSnapshots, useSnapshots, type Snapshot } from './snapshot-queries.ts';
import './snapshots-page.css';

export function SnapshotsPage() {
  const { rights } = useSession();
  const { data: settings, error: unknown, refetch: askAgain } = useConsoleSettingsQuery();
  const obstacle = snapshotObstacle(rights);
  const isOffered = settings?.snapshots === true && obstacle === undefined;
  const { data, error, isPending, refetch } = useSnapshots(isOffered);
  return (
    <Page
      title="Snapshots"
      lead="ZIP files of files and folders, made by the server in the background. Encrypted files are left out."
    >
      {settings === undefined && unknown !== null ? (
        <ErrorNotice
          title="The server could not be asked whether it makes snapshots"
          error={unknown}
          onRetry={() => void askAgain()}
        />
      ) : settings === undefined ? (
        <Loading />
      ) : !settings.snapshots ? (
        <Notice title="This server makes no snapshots" />
      ) : obstacle !== undefined ? (
        <Notice title="This key may not see or make snapshots">{obstacle}</Notice>
      ) : isPending ? (
        <Loading />
      ) : error ? (
        <ErrorNotice title="The snapshots could not be listed" error={error} onRetry={() => void refetch()} />
      ) : data.length === 0 ? (
        <EmptyState icon={SnapshotIcon} title="No snapshots yet">
          Open a bucket from <Link to="/buckets">the list</Link>, select files or folders, and choose “Snapshot”.
        </EmptyState>
      ) : (
        <ul className="snapshot-list" aria-label="Snapshots">
          {data.map((snapshot) => (
            <SnapshotItem key={snapshot.snapshotId} snapshot={snapshot} />
          ))}
        </ul>
      )}
    </Page>
  );
}

const states = {
  waiting: { kind: 'plain', text: 'Waiting' },
  running: { kind: 'accent', text: 'Being made' },
  done: { kind: 'success', text: 'Done' },
  failed: { kind: 'danger', text: 'Failed' },
  cancelled: { kind: 'plain', text: 'Cancelled' },
} as const;
const deletedState = { kind: 'plain', text: 'Deleted' } as const;

function SnapshotItem({ snapshot }: { readonly snapshot: Snapshot }) {
  const { fileName, bucketName, createdTimestamp, total, done, encrypted, absent, deleted, renamed, failure } =
    snapshot;
  const state = snapshot.isFileDeleted ? deletedState : states[snapshot.state];
  const shortName = fileName.slice(fileName.lastIndexOf('/') + 1);
  return (
    <li className="snapshot">
      <div className="row spread">
        <h2>
          <Name>{shortName}</Name>
        </h2>
        <Badge kind={state.kind}>{state.text}</Badge>
      </div>
      <p className="soft small">
        of{' '}
        <Link to="/buckets/$bucketName/files" params={{ bucketName }}>
          <Name>{bucketName}</Name>
        </Link>
        , begun {formatTime(createdTimestamp)}
        {snapshot.contentLength !== null && `, ${formatBytes(snapshot.contentLength)}`}
      </p>
      {isUnderWay(snapshot) && (
        <>
          <Progress
            label={`Progress of ${shortName}`}
            value={snapshot.isCounted && total.totalBytes > 0 ? done.totalBytes / total.totalBytes : undefined}
          />
          <p className="small numbers" aria-live="polite">
            {countOf(done.fileCount, 'file')} of {snapshot.isCounted ? '' : 'at least '}
            {total.fileCount.toLocaleString('en-US')}, {formatBytes(done.totalBytes)} of {formatBytes(total.totalBytes)}
          </p>
        </>
      )}
      {snapshot.state === 'done' && (
        <p className="small numbers">
          {countOf(done.fileCount, 'file')}, {formatBytes(done.totalBytes)}
        </p>
      )}
      {snapshot.isFileDeleted && <p className="soft small">Its ZIP file was deleted.</p>}
      {failure !== null && (
        <Notice kind="danger" title="The snapshot could not be made">
          <Name>{failure.message}</Name>
        </Notice>
      )}
      {encrypted.fileCount > 0 && (
        <NameList title="Encrypted, left out" names={encrypted.fileNames} count={encrypted.fileCount} />
      )}
      {absent.fileCount > 0 && <NameList title="Not there" names={absent.fileNames} count={absent.fileCount} />}
      {deleted.fileCount > 0 && (
        <NameList title="Deleted meanwhile, left out" names={deleted.fileNames} count={deleted.fileCount} />
      )}
      {renamed.fileCount > 0 && (
        <NameList
          title="Stored under another name"
          names={renamed.files.map((file) => `${file.fileName} → ${file.storedAs}`)}
          count={renamed.fileCount}
        />
      )}
      <SnapshotActions snapshot={snapshot} />
    </li>
  );
}

function SnapshotActions({ snapshot }: { readonly snapshot: Snapshot }) {
  const { client, rights } = useSession();
  const refresh = useRefreshSnapshots();
  const [asks, setAsks] = useState<'cancel' | 'delete'>();
  const [isPending, setIsPending] = useState(false);
  const { snapshotId, fileId, fileName, snapshotBucketName, contentLength } = snapshot;

  const act = async (what: string, done: string, how: () => Promise<unknown>): Promise<void> => {
    setIsPending(true);
    try {
      await how();
      tellDone(done);
    } catch (error) {
      tellError(`The snapshot could not be ${what}`, error);
    } finally {
      setIsPending(false);
      setAsks(undefined);
      await refresh();
    }
  };

  if (isUnderWay(snapshot)) {
    return (
      <div className="row">
        <Button
          onPress={() => {
            setAsks('cancel');
          }}
        >
          Cancel the snapshot
        </Button>
        <ConfirmDialog
          title="Cancel this snapshot?"
          isOpen={asks === 'cancel'}
          onClose={() => {
            setAsks(undefined);
          }}
          action="Cancel the snapshot"
          refusal="Keep it going"
          isPending={isPending}
          onConfirm={() =>
            void act('cancelled', 'The snapshot was cancelled', () =>
              client.call(consoleOperations.coffer_cancel_snapshot, { snapshotId }),
            )
          }
        >
          What was stored of it is removed. The files themselves are not touched.
        </ConfirmDialog>
      </div>
    );
  }
  if (snapshot.isFileDeleted || fileId === null || contentLength === null) {
    return (
      <div className="row">
        <Button
          isPending={isPending}
          onPress={() =>
            void act('removed from the list', 'The snapshot was removed from the list', () =>
              client.call(consoleOperations.coffer_forget_snapshot, { snapshotId }),
            )
          }
        >
          Remove from the list
        </Button>
      </div>
    );
  }
  const file = { fileId, fileName, contentLength, contentType: 'application/zip', fileInfo: {}, mode: null };
  return (
    <div className="row">
      <DownloadButton bucketName={snapshotBucketName} file={file} />
      {rights.has('deleteFiles') && (
        <Button
          variant="danger"
          icon={DeleteIcon}
          onPress={() => {
            setAsks('delete');
          }}
        >
          Delete
        </Button>
      )}
      <ConfirmDialog
        title="Delete this snapshot?"
        isOpen={asks === 'delete'}
        onClose={() => {
          setAsks(undefined);
        }}
        action="Delete the ZIP file"
        isPending={isPending}
        onConfirm={() =>
          void act('deleted', 'The snapshot was deleted', () => client.api.deleteFileVersion({ fileId, fileName }))
        }
      >
        The ZIP file is gone then. The files that it was made of are not touched.
      </ConfirmDialog>
    </div>
  );
}
