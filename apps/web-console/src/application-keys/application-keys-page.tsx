import { useState } from 'react';
import { useBuckets } from '../buckets/bucket-queries.ts';
import { countOf } from '../format/bytes.ts';
import { formatTime } from '../format/time.ts';
import { useSession } from '../session/session-context.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable, type DataColumn } from '../ui/data-table.tsx';
import { AddIcon, DeleteIcon, InfoIcon, KeyIcon } from '../ui/icons.ts';
import { ActionMenu } from '../ui/menu.tsx';
import { Name } from '../ui/name.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { EmptyState, Loading, Page } from '../ui/page.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { DeleteKeyDialog } from './delete-key-dialog.tsx';
import { KeyBuckets } from './key-buckets.tsx';
import { KeyDetailsDialog } from './key-details-dialog.tsx';
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
        <KeyList />
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

function KeyList() {
  const { keyId, rights } = useSession();
  const keys = useApplicationKeys(true);
  const { data: buckets } = useBuckets(rights.has('listBuckets'));
  const [shown, setShown] = useState<ApplicationKey>();
  const [deleted, setDeleted] = useState<ApplicationKey>();
  const { data, error } = keys;
  if (keys.isPending) return <Loading what="Listing the keys" />;
  if (data === undefined) {
    return <ErrorNotice title="The keys could not be listed" error={error} onRetry={() => void keys.refetch()} />;
  }
  const names = new Map<string, string>((buckets ?? []).map(({ bucketId, bucketName }) => [bucketId, bucketName]));
  return (
    <>
      {error !== null && <ErrorNotice title="The list may be old" error={error} onRetry={() => void keys.refetch()} />}
      <DataTable
        label="Application keys"
        columns={columnsOf({ names, ownId: keyId, mayDelete: rights.has('deleteKeys'), setShown, setDeleted })}
        items={data}
        idOf={({ applicationKeyId }) => applicationKeyId}
        empty={
          <EmptyState icon={KeyIcon} title="There are no application keys">
            There is only the master application key, which may do everything.
          </EmptyState>
        }
      />
      {keys.hasNextPage && (
        <div>
          <Button isPending={keys.isFetchingNextPage} onPress={() => void keys.fetchNextPage()}>
            Show more keys
          </Button>
        </div>
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

interface ColumnsGiven {
  readonly names: ReadonlyMap<string, string>;
  readonly ownId: string;
  readonly mayDelete: boolean;
  readonly setShown: (key: ApplicationKey) => void;
  readonly setDeleted: (key: ApplicationKey) => void;
}

function columnsOf({ names, ownId, mayDelete, setShown, setDeleted }: ColumnsGiven) {
  const columns: readonly DataColumn<ApplicationKey>[] = [
    {
      id: 'name',
      title: 'Name',
      isRowHeader: true,
      render: (key) => (
        <div className="key-cell">
          <span className="row">
            <strong>
              <Name>{key.keyName}</Name>
            </strong>
            {key.applicationKeyId === ownId && <Badge kind="accent">In use here</Badge>}
            {isExpired(key) && <Badge kind="warning">Expired</Badge>}
          </span>
          <code className="small soft name">{key.applicationKeyId}</code>
          <span className="small soft key-on-phone">
            {countOf(key.capabilities.length, 'capability', 'capabilities')} ·{' '}
            <KeyBuckets applicationKey={key} names={names} most={1} />
          </span>
        </div>
      ),
    },
    {
      id: 'capabilities',
      title: 'Capabilities',
      render: (key) => (
        <span className="key-capabilities">
          <Button
            variant="quiet"
            aria-label={`${countOf(key.capabilities.length, 'capability', 'capabilities')} of ${key.keyName}`}
            onPress={() => {
              setShown(key);
            }}
          >
            {countOf(key.capabilities.length, 'capability', 'capabilities')}
          </Button>
        </span>
      ),
    },
    { id: 'buckets', title: 'Buckets', render: (key) => <KeyBuckets applicationKey={key} names={names} most={2} /> },
    {
      id: 'prefix',
      title: 'Prefix',
      render: ({ namePrefix }) =>
        namePrefix === null || namePrefix === '' ? (
          <span className="soft">None</span>
        ) : (
          <span className="key-prefix">
            <Name oneLine>{namePrefix}</Name>
          </span>
        ),
    },
    {
      id: 'expires',
      title: 'Expires',
      render: ({ expirationTimestamp: time }) =>
        time === null ? <span className="soft">Never</span> : <span className="numbers">{formatTime(time)}</span>,
    },
    {
      id: 'actions',
      title: 'Actions',
      shown: 'phone',
      align: 'end',
      render: (key) => (
        <ActionMenu
          label={`Actions for ${key.keyName}`}
          actions={[
            {
              id: 'details',
              label: 'Details',
              icon: InfoIcon,
              onAction: () => {
                setShown(key);
              },
            },
            ...(mayDelete
              ? [
                  {
                    id: 'delete',
                    label: 'Delete …',
                    icon: DeleteIcon,
                    isDanger: true,
                    onAction: () => {
                      setDeleted(key);
                    },
                  },
                ]
              : []),
          ]}
        />
      ),
    },
  ];
  return columns;
}

function isExpired({ expirationTimestamp }: ApplicationKey): boolean {
  return expirationTimestamp !== null && expirationTimestamp <= Date.now();
}
