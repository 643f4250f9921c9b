import { Link } from '@tanstack/react-router';
import { Page } from '../ui/page.tsx';

export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <p>
        The address may be mistyped. Everything begins at <Link to="/buckets">the buckets</Link>.
      </p>
    </Page>
  );
}
