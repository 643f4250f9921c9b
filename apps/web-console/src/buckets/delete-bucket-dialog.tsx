import { ClientError } from '@coffer/client';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../session/session-context.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Name } from '../ui/name.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { tellDone } from '../ui/toast.tsx';
import { useRefreshBuckets, type Bucket } from './bucket-queries.ts';

interface DeleteBucketDialogProps {
  readonly bucket: Bucket;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** Asks whether a bucket is to be deleted, and deletes it. */
export function DeleteBucketDialog({ bucket, onClose, onDeleted }: DeleteBucketDialogProps) {
  const { bucketId, bucketName } = bucket;
  const { client } = useSession();
  const refresh = useRefreshBuckets();
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<unknown>();

  const remove = async (): Promise<void> => {
    setIsPending(true);
    setFailure(undefined);
    try {
      await client.api.deleteBucket({ bucketId });
    } catch (error) {
      setFailure(error);
      setIsPending(false);
      return;
    }
    tellDone(`The bucket ${bucketName} was deleted`);
    onClose();
    onDeleted?.();
    await refresh();
  };

  return (
    <ConfirmDialog
      title="Delete this bucket?"
      isOpen
      onClose={onClose}
      action="Delete 1 bucket"
      isPending={isPending}
      onConfirm={() => void remove()}
    >
      <p>
        <strong>
          <Name>{bucketName}</Name>
        </strong>{' '}
        goes away with its settings and rules, and its name becomes free. This cannot be undone.
      </p>
      <p>A bucket must be empty to be deleted: without file versions, hide markers and unfinished large files.</p>
      {ClientError.is(failure, 'cannot_delete_non_empty_bucket') ? (
        <Notice kind="danger" title="The bucket is not empty">
          Delete{' '}
          <Link to="/buckets/$bucketName/files" params={{ bucketName }} search={{ show: 'versions' }}>
            all versions of its files
          </Link>{' '}
          and{' '}
          <Link to="/buckets/$bucketName/files" params={{ bucketName }} search={{ show: 'unfinished' }}>
            its unfinished large files
          </Link>{' '}
          first.
        </Notice>
      ) : (
        failure !== undefined && <ErrorNotice title="The bucket could not be deleted" error={failure} />
      )}
    </ConfirmDialog>
  );
}
