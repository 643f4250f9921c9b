import { Loading, Page } from '../ui/page.tsx';

export function BucketsPage() {
  return (
    <Page title="Buckets">
      <Loading />
    </Page>
  );
}
