import { lazyRouteComponent } from '@tanstack/react-router';

/** A part of the console could not be loaded from the server. */
class PageUnavailableError extends Error {
  constructor(cause: unknown) {
    super(
      'This part of the console could not be loaded. Look whether the server runs and whether you are connected, and ' +
        'try again. If the server was replaced by another version meanwhile, reload the page.',
      { cause },
    );
    this.name = 'PageUnavailableError';
  }
}

/**
 * Loads a module. Its failure is told in words; above all it is no reason to reload the whole page, as this router
 * would do, since that signs out.
 */
async function part<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new PageUnavailableError(cause);
  }
}

/** The pages, each in files of its own, which are loaded when it is needed or when there is time. */
export const pages = {
  buckets: lazyRouteComponent(() => part(() => import('../buckets/buckets-page.tsx')), 'BucketsPage'),
  bucketSettings: lazyRouteComponent(
    () => part(() => import('../buckets/bucket-settings-page.tsx')),
    'BucketSettingsPage',
  ),
  files: lazyRouteComponent(() => part(() => import('../files/files-page.tsx')), 'FilesPage'),
  snapshots: lazyRouteComponent(() => part(() => import('../snapshots/snapshots-page.tsx')), 'SnapshotsPage'),
  applicationKeys: lazyRouteComponent(
    () => part(() => import('../application-keys/application-keys-page.tsx')),
    'ApplicationKeysPage',
  ),
  server: lazyRouteComponent(() => part(() => import('../server/server-page.tsx')), 'ServerPage'),
};

/** Loads the pages that are not there yet. Resolves in any case: what fails is told by the page that needs it. */
export async function loadPages(): Promise<void> {
  await Promise.all(Object.values(pages).map((page) => page.preload?.() ?? Promise.resolve()));
}
