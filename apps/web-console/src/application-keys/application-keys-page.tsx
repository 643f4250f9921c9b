import { Loading, Page } from '../ui/page.tsx';

export function ApplicationKeysPage() {
  return (
    <Page title="Application keys">
      <Loading />
    </Page>
  );
}
