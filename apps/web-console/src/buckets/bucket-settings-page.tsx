import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../session/session-context.tsx';
import { Button } from '../ui/button.tsx';
import { BucketIcon, DeleteIcon } from '../ui/icons.ts';
import { Name } from '../ui/name.tsx';
import { ErrorNotice, Notice } from '../ui/notice.tsx';
import { EmptyState, Facts, Loading, Page, Section } from '../ui/page.tsx';
import { useBucket, type Bucket } from './bucket-queries.ts';
import { DeleteBucketDialog } from './delete-bucket-dialog.tsx';
import { CorsRulesSection } from './settings/cors-rules.tsx';
import { EncryptionSection } from './settings/encryption-section.tsx';
import { InfoSection } from './settings/info-section.tsx';
import { LifecycleRulesSection } from './settings/lifecycle-rules.tsx';
import { LockSection } from './settings/lock-section.tsx';
import { NotificationRulesSection } from './settings/notification-rules.tsx';
import { UnsavedSettings } from './settings/unsaved-settings.tsx';
import { TypeSection } from './settings/type-section.tsx';
import './settings/settings.css';

export function BucketSettingsPage() {
  const { bucketName } = useParams({ from: '/buckets/$bucketName/settings' });
  return (
    <Page
      title={`Settings of ${bucketName}`}
      above={
        <nav aria-label="Where this is">
          <Link to="/buckets">Buckets</Link>
          {' › '}
          <Link to="/buckets/$bucketName/files" params={{ bucketName }}>
            <Name>{bucketName}</Name>
          </Link>
        </nav>
      }
    >
      <Settings key={bucketName} bucketName={bucketName} />
    </Page>
  );
}

function Settings({ bucketName }: { readonly bucketName: string }) {
  const { rights } = useSession();
  const { data: bucket, error, refetch, isPending } = useBucket(bucketName);
  if (!rights.has('listBuckets')) {
    return (
      <Notice title="This key may not see buckets">
        It lacks the capability <code>listBuckets</code>.
      </Notice>
    );
  }
  if (isPending) return <Loading what="Reading the bucket" />;
  if (bucket === undefined) {
    return <ErrorNotice title="The bucket could not be read" error={error} onRetry={() => void refetch()} />;
  }
  if (bucket === null) {
    return (
      <EmptyState icon={BucketIcon} title="There is no such bucket">
        Or this application key may not see it.
      </EmptyState>
    );
  }
  return <Sections bucket={bucket} />;
}

function Sections({ bucket }: { readonly bucket: Bucket }) {
  return (
    <UnsavedSettings>
      <EncryptionSection bucket={bucket} />
      <TypeSection bucket={bucket} />
      <LockSection bucket={bucket} />
      <LifecycleRulesSection bucket={bucket} />
      <CorsRulesSection bucket={bucket} />
      <NotificationRulesSection bucket={bucket} />
      <InfoSection bucket={bucket} />
      <AboutSection bucket={bucket} />
    </UnsavedSettings>
  );
}

function AboutSection({ bucket }: { readonly bucket: Bucket }) {
  const { rights } = useSession();
  const navigate = useNavigate();
  const [isDeleting, setIsDeleting] = useState(false);
  return (
    <Section
      title="This bucket"
      actions={
        rights.has('deleteBuckets') && (
          <Button
            variant="danger"
            icon={DeleteIcon}
            onPress={() => {
              setIsDeleting(true);
            }}
          >
            Delete …
          </Button>
        )
      }
    >
      <Facts
        facts={[
          ['Name', <Name key="name">{bucket.bucketName}</Name>],
          ['Bucket id', <code key="id">{bucket.bucketId}</code>],
          ['Revision', bucket.revision],
        ]}
      />
      {isDeleting && (
        <DeleteBucketDialog
          bucket={bucket}
          onClose={() => {
            setIsDeleting(false);
          }}
          onDeleted={() => void navigate({ to: '/buckets', ignoreBlocker: true })}
        />
      )}
    </Section>
  );
}
