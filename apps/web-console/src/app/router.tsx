import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { readFilesSearch } from '../files/file-place.ts';
import { ErrorNotice } from '../ui/notice.tsx';
import { Loading, Page } from '../ui/page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { loadPages, pages } from './pages.ts';
import { parseSearch, stringifySearch } from './search.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/buckets', replace: true, throw: true });
  },
});

const buckets = createRoute({
  getParentRoute: () => root,
  path: '/buckets',
  component: pages.buckets,
});

const bucketSettings = createRoute({
  getParentRoute: () => root,
  path: '/buckets/$bucketName/settings',
  component: pages.bucketSettings,
});

const files = createRoute({
  getParentRoute: () => root,
  path: '/buckets/$bucketName/files',
  validateSearch: readFilesSearch,
  component: pages.files,
});

const snapshots = createRoute({
  getParentRoute: () => root,
  path: '/snapshots',
  component: pages.snapshots,
});

const applicationKeys = createRoute({
  getParentRoute: () => root,
  path: '/application-keys',
  component: pages.applicationKeys,
});

const server = createRoute({
  getParentRoute: () => root,
  path: '/server',
  component: pages.server,
});

/** All pages with their addresses. */
export const router = createRouter({
  routeTree: root.addChildren([home, buckets, bucketSettings, files, snapshots, applicationKeys, server]),
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: ({ error, reset }) => (
    <Page title="This page failed">
      <ErrorNotice title="This page cannot be shown" error={error} onRetry={() => void loadPages().finally(reset)} />
    </Page>
  ),
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
