import { Loading, Page } from '../ui/page.tsx';

export function BucketSettingsPage() {
  return (
    <Page title="Settings">
      <Loading />
    </Page>
  );
}
