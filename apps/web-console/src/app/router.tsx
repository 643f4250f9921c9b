import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { readFilesSearch } from '../files/file-place.ts';
import { ErrorNotice } from '../ui/notice.tsx';
import { Loading } from '../ui/page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { parseSearch, stringifySearch } from './search.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: ({ error, reset }) => <ErrorNotice title="This page failed" error={error} onRetry={reset} />,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- it is how this router is told to go elsewhere
    throw redirect({ to: '/buckets', replace: true });
  },
});

const buckets = createRoute({
  getParentRoute: () => root,
  path: '/buckets',
  component: lazyRouteComponent(() => import('../buckets/buckets-page.tsx'), 'BucketsPage'),
});

const bucketSettings = createRoute({
  getParentRoute: () => root,
  path: '/buckets/$bucketName/settings',
  component: lazyRouteComponent(() => import('../buckets/bucket-settings-page.tsx'), 'BucketSettingsPage'),
});

const files = createRoute({
  getParentRoute: () => root,
  path: '/buckets/$bucketName/files',
  validateSearch: readFilesSearch,
  component: lazyRouteComponent(() => import('../files/files-page.tsx'), 'FilesPage'),
});

const snapshots = createRoute({
  getParentRoute: () => root,
  path: '/snapshots',
  component: lazyRouteComponent(() => import('../snapshots/snapshots-page.tsx'), 'SnapshotsPage'),
});

const applicationKeys = createRoute({
  getParentRoute: () => root,
  path: '/application-keys',
  component: lazyRouteComponent(() => import('../application-keys/application-keys-page.tsx'), 'ApplicationKeysPage'),
});

const server = createRoute({
  getParentRoute: () => root,
  path: '/server',
  component: lazyRouteComponent(() => import('../server/server-page.tsx'), 'ServerPage'),
});

/** All pages with their addresses. */
export const router = createRouter({
  routeTree: root.addChildren([home, buckets, bucketSettings, files, snapshots, applicationKeys, server]),
  defaultPendingComponent: () => <Loading />,
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
