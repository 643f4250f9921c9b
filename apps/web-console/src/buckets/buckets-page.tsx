import { Link, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { countOf } from '../format/bytes.ts';
import { useSession } from '../session/session-context.tsx';
import { Badge, EncryptionBadge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { DataTable, type DataColumn } from '../ui/data-table.tsx';
import { SearchField } from '../ui/fields.tsx';
import { AddIcon, BucketIcon, DeleteIcon, FolderIcon, SearchIcon, SettingsIcon } from '../ui/icons.ts';
import { ActionMenu } from '../ui/menu.tsx';
import { Name } from '../ui/name.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { EmptyState, Loading, Page } from '../ui/page.tsx';
import { defaultModeOf, useBuckets, type Bucket } from './bucket-queries.ts';
import { bucketTypeWord, periodText, rulesText } from './bucket-words.ts';
import { CreateBucketDialog } from './create-bucket-dialog.tsx';
import { DeleteBucketDialog } from './delete-bucket-dialog.tsx';
import { useNotificationCounts } from './notification-queries.ts';
import './buckets.css';

export function BucketsPage() {
  const { rights } = useSession();
  const [isCreating, setIsCreating] = useState(false);
  const mayCreate = rights.has('writeBuckets') && rights.buckets === undefined;
  const create = mayCreate && (
    <Button
      variant="primary"
      icon={AddIcon}
      onPress={() => {
        setIsCreating(true);
      }}
    >
      Create a bucket
    </Button>
  );
  return (
    <Page title="Buckets" actions={create}>
      {rights.has('listBuckets') ? (
        <BucketList mayCreate={mayCreate} />
      ) : (
        <Notice title="This key may not see buckets">
          It lacks the capability <code>listBuckets</code>.
        </Notice>
      )}
      {isCreating && (
        <CreateBucketDialog
          onClose={() => {
            setIsCreating(false);
          }}
        />
      )}
    </Page>
  );
}

function BucketList({ mayCreate }: { readonly mayCreate: boolean }) {
  const { rights } = useSession();
  const { data: buckets, error, refetch, isPending } = useBuckets();
  const [filter, setFilter] = useState('');
  const [deleted, setDeleted] = useState<Bucket>();
  const counts = useNotificationCounts(buckets ?? []);
  if (isPending) return <Loading what="Listing the buckets" />;
  if (buckets === undefined) {
    return <ErrorNotice title="The buckets could not be listed" error={error} onRetry={() => void refetch()} />;
  }
  if (buckets.length === 0) {
    return (
      <EmptyState icon={BucketIcon} title="There are no buckets">
        {mayCreate ? 'A bucket holds files. Create one to upload to.' : 'Or none that this application key may see.'}
      </EmptyState>
    );
  }
  const wanted = filter.trim().toLowerCase();
  const total = countOf(buckets.length, 'bucket');
  const shown = buckets.filter(({ bucketName }) => bucketName.toLowerCase().includes(wanted));
  return (
    <>
      {error !== null && <ErrorNotice title="The list may be old" error={error} onRetry={() => void refetch()} />}
      <div className="row spread">
        <SearchField label="Filter by name" placeholder="Filter by name" value={filter} onChange={setFilter} />
        <span className="soft small numbers" role="status">
          {wanted === '' ? total : `${shown.length} of ${total}`}
        </span>
      </div>
      <DataTable
        label="Buckets"
        columns={columnsOf(counts, setDeleted, rights.has('deleteBuckets'))}
        items={shown}
        idOf={({ bucketId }) => bucketId}
        empty={
          <EmptyState icon={SearchIcon} title="No bucket has such a name">
            The filter looks for names that contain <Name>{filter.trim()}</Name>.
          </EmptyState>
        }
      />
      {deleted && (
        <DeleteBucketDialog
          bucket={deleted}
          onClose={() => {
            setDeleted(undefined);
          }}
        />
      )}
    </>
  );
}

function columnsOf(
  counts: ReadonlyMap<string, number>,
  onDelete: (bucket: Bucket) => void,
  mayDelete: boolean,
): readonly DataColumn<Bucket>[] {
  const rules = (bucket: Bucket): string =>
    rulesText({
      lifecycle: bucket.lifecycleRules.length,
      cors: bucket.corsRules.length,
      notifications: counts.get(bucket.bucketId),
    });
  return [
    {
      id: 'name',
      title: 'Name',
      isRowHeader: true,
      render: (bucket) => (
        <div className="bucket-cell">
          <Link to="/buckets/$bucketName/files" params={{ bucketName: bucket.bucketName }} className="bucket-link">
            <Name>{bucket.bucketName}</Name>
          </Link>
          <div className="row phone-only">
            <TypeBadge type={bucket.bucketType} />
            <EncryptionBadge mode={defaultModeOf(bucket)} />
            {bucket.fileLockConfiguration.value?.isFileLockEnabled === true && <Badge kind="accent">Object Lock</Badge>}
          </div>
        </div>
      ),
    },
    { id: 'type', title: 'Type', render: ({ bucketType }) => <TypeBadge type={bucketType} /> },
    {
      id: 'encryption',
      title: 'Default encryption',
      render: (bucket) => <EncryptionBadge mode={defaultModeOf(bucket)} />,
    },
    { id: 'lock', title: 'Object Lock', render: (bucket) => <LockCell bucket={bucket} /> },
    { id: 'rules', title: 'Rules', render: (bucket) => <span className="numbers">{rules(bucket)}</span> },
    {
      id: 'actions',
      title: 'Actions',
      shown: 'phone',
      align: 'end',
      render: (bucket) => <BucketActions bucket={bucket} onDelete={onDelete} mayDelete={mayDelete} />,
    },
  ];
}

function TypeBadge({ type }: { readonly type: string }) {
  return <Badge kind={type === 'allPublic' ? 'warning' : 'plain'}>{bucketTypeWord(type)}</Badge>;
}

function LockCell({ bucket: { fileLockConfiguration } }: { readonly bucket: Bucket }) {
  if (!fileLockConfiguration.isClientAuthorizedToRead || fileLockConfiguration.value === null) {
    return <Badge>Not visible</Badge>;
  }
  const { isFileLockEnabled, defaultRetention } = fileLockConfiguration.value;
  if (!isFileLockEnabled) return <span className="soft">Off</span>;
  return (
    <span className="row">
      <Badge kind="accent">On</Badge>
      {defaultRetention.mode !== null && defaultRetention.period !== null && (
        <span className="small soft">
          {defaultRetention.mode}, {periodText(defaultRetention.period)}
        </span>
      )}
    </span>
  );
}

interface BucketActionsProps {
  readonly bucket: Bucket;
  readonly onDelete: (bucket: Bucket) => void;
  readonly mayDelete: boolean;
}

function BucketActions({ bucket, onDelete, mayDelete }: BucketActionsProps) {
  const router = useRouter();
  const params = { bucketName: bucket.bucketName };
  return (
    <ActionMenu
      label={`Actions for ${bucket.bucketName}`}
      actions={[
        {
          id: 'files',
          label: 'Browse files',
          icon: FolderIcon,
          href: router.buildLocation({ to: '/buckets/$bucketName/files', params, search: {} }).href,
        },
        {
          id: 'settings',
          label: 'Settings',
          icon: SettingsIcon,
          href: router.buildLocation({ to: '/buckets/$bucketName/settings', params }).href,
        },
        ...(mayDelete
          ? [
              {
                id: 'delete',
                label: 'Delete …',
                icon: DeleteIcon,
                isDanger: true,
                onAction: () => {
                  onDelete(bucket);
                },
              },
            ]
          : []),
      ]}
    />
  );
}
