import { Loading, Page } from '../ui/page.tsx';

export function SnapshotsPage() {
  return (
    <Page title="Snapshots">
      <Loading />
    </Page>
  );
}
