import { useState } from 'react';
import { useSession } from '../session/session-context.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';
import { Name } from '../ui/name.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { tellDone } from '../ui/toast.tsx';
import { useRefreshApplicationKeys, type ApplicationKey } from './key-queries.ts';

interface DeleteKeyDialogProps {
  readonly applicationKey: ApplicationKey;
  readonly onClose: () => void;
}

/** Asks whether a key is to be deleted, and deletes it. */
export function DeleteKeyDialog({ applicationKey, onClose }: DeleteKeyDialogProps) {
  const { applicationKeyId, keyName } = applicationKey;
  const { client, keyId, signOut } = useSession();
  const refresh = useRefreshApplicationKeys();
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const isOwn = applicationKeyId === keyId;

  const remove = async (): Promise<void> => {
    setIsPending(true);
    setFailure(undefined);
    try {
      await client.api.deleteKey({ applicationKeyId });
    } catch (error) {
      setFailure(error);
      setIsPending(false);
      return;
    }
    if (isOwn) {
      signOut();
      return;
    }
    tellDone(`The key ${keyName} was deleted`);
    onClose();
    await refresh();
  };

  return (
    <ConfirmDialog
      title="Delete this application key?"
      isOpen
      onClose={onClose}
      action="Delete 1 key"
      isPending={isPending}
      onConfirm={() => void remove()}
    >
      <p>
        Whoever uses{' '}
        <strong>
          <Name>{keyName}</Name>
        </strong>{' '}
        (<code className="name">{applicationKeyId}</code>) is shut out. This cannot be undone: a new key has another id.
      </p>
      {isOwn && (
        <Notice kind="warning" title="You are signed in with this key">
          Deleting it signs you out, and you cannot sign in with it again.
        </Notice>
      )}
      {failure !== undefined && <ErrorNotice title="The key could not be deleted" error={failure} />}
    </ConfirmDialog>
  );
}
