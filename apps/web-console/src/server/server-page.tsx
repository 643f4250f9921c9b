import { Loading, Page } from '../ui/page.tsx';

export function ServerPage() {
  return (
    <Page title="This server">
      <Loading />
    </Page>
  );
}
