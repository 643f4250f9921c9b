import { useMemo, useState } from 'react';
import { useBuckets } from '../buckets/bucket-queries.ts';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { AddIcon, DeleteIcon, InfoIcon, KeyIcon } from '../ui/icons.ts';
import { ActionMenu } from '../ui/menu.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { EmptyState, Loading, Page } from '../ui/page.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { DeleteKeyDialog } from './delete-key-dialog.tsx';
import { KeyDetailsDialog } from './key-details-dialog.tsx';
import { KeyList } from './key-list.tsx';
import { useApplicationKeys, type ApplicationKey } from './key-queries.ts';
import './application-keys.css';

export function ApplicationKeysPage() {
  const { rights } = useSession();
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Page
      title="Application keys"
      lead="Each program that uses this server gets a key of its own, with no more than it needs."
      actions={
        rights.has('writeKeys') && (
          <Button
            variant="primary"
            icon={AddIcon}
            onPress={() => {
              setIsCreating(true);
            }}
          >
            Create a key
          </Button>
        )
      }
    >
      {rights.has('listKeys') ? (
        <AllKeys />
      ) : (
        <Notice title="This key may not see application keys">
          It lacks the capability <code>listKeys</code>.
        </Notice>
      )}
      {isCreating && (
        <CreateKeyDialog
          onClose={() => {
            setIsCreating(false);
          }}
        />
      )}
    </Page>
  );
}

function AllKeys() {
  const { keyId, rights } = useSession();
  const keys = useApplicationKeys(true);
  const { data: buckets } = useBuckets(rights.has('listBuckets'));
  const [shown, setShown] = useState<ApplicationKey>();
  const [deleted, setDeleted] = useState<ApplicationKey>();
  const { data, error } = keys;
  const names = useMemo(
    () => new Map<string, string>((buckets ?? []).map(({ bucketId, bucketName }) => [bucketId, bucketName])),
    [buckets],
  );
  if (keys.isPending) return <Loading what="Listing the keys" />;
  if (data === undefined) {
    return <ErrorNotice title="The keys could not be listed" error={error} onRetry={() => void keys.refetch()} />;
  }
  return (
    <>
      {error !== null && <ErrorNotice title="The list may be old" error={error} onRetry={() => void keys.refetch()} />}
      {data.length === 0 ? (
        <EmptyState icon={KeyIcon} title="There are no application keys">
          There is only the master application key, which may do everything.
        </EmptyState>
      ) : (
        <KeyList
          {...{ keys: data, ownId: keyId, bucketNames: names, onOpen: setShown }}
          canGrow={keys.hasNextPage}
          isLoading={keys.isFetching}
          onLoadMore={() => {
            // What has just failed is not asked for again by every scroll.
            if (error === null) void keys.fetchNextPage();
          }}
          renderActions={(key) => (
            <KeyActions
              {...{ applicationKey: key, mayDelete: rights.has('deleteKeys'), onShow: setShown, onDelete: setDeleted }}
            />
          )}
        />
      )}
      {shown && (
        <KeyDetailsDialog
          applicationKey={shown}
          bucketNames={names}
          onClose={() => {
            setShown(undefined);
          }}
        />
      )}
      {deleted && (
        <DeleteKeyDialog
          applicationKey={deleted}
          onClose={() => {
            setDeleted(undefined);
          }}
        />
      )}
    </>
  );
}

interface KeyActionsProps {
  readonly applicationKey: ApplicationKey;
  readonly mayDelete: boolean;
  readonly onShow: (key: ApplicationKey) => void;
  readonly onDelete: (key: ApplicationKey) => void;
}

function KeyActions({ applicationKey: key, mayDelete, onShow, onDelete }: KeyActionsProps) {
  const deletion = {
    ...{ id: 'delete', label: 'Delete …', icon: DeleteIcon, isDanger: true },
    onAction: () => {
      onDelete(key);
    },
  };
  return (
    <ActionMenu
      label={`Actions for ${key.keyName}`}
      actions={[
        {
          ...{ id: 'details', label: 'Details', icon: InfoIcon },
          onAction: () => {
            onShow(key);
          },
        },
        ...(mayDelete ? [deletion] : []),
      ]}
    />
  );
}
