import { fileURLToPath } from 'node:url';
import type { SecretBytes } from '@coffer/bytes';
import { Collector } from './collector.ts';
import { holdRemovals } from './hold-removals.ts';
import { runFolder, runFolderVariable } from './run-folder.ts';
import { subscribeToOutputs } from './subscribe.ts';
import { watchHttp } from './watch-http.ts';
import { watchSecrets } from './watch-secrets.ts';

/** Where interop makes the directories of its servers. */
const interopWork = fileURLToPath(new URL('../../../interop/.work', import.meta.url));

/** Collects from this process, to the end of its life. @throws Error outside a run. */
export function startCollecting(watched: typeof SecretBytes): Collector {
  const root = process.env[runFolderVariable];
  if (root === undefined) throw new Error(`${runFolderVariable} is not set: start the run with pnpm test:leaks`);
  const folder = runFolder(root);
  const collector = new Collector(folder);
  watchSecrets(watched, collector);
  watchHttp(collector);
  holdRemovals(folder, [folder.temporary, interopWork]);
  subscribeToOutputs(collector);
  return collector;
}
