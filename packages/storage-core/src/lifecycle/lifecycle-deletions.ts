import type { FileVersionRecord } from '@coffer/storage-ports';
import type { Core } from '../core/core.ts';
import { rowsOf } from '../core/table-pages.ts';
import { cancelDue, deleteDue } from './lifecycle-rules.ts';
import { actionOn, namesOfRule, type RuleScope } from './lifecycle-scope.ts';
import type { LifecycleAction } from '../services/lifecycle.ts';

/** What is known of a name while its versions are read, newest first. */
interface NameState {
  readonly name: string;
  /** The last version that is no unfinished large file. */
  newer: FileVersionRecord | undefined;
  /** The current hide marker, as long as every version beneath it is to be deleted or cancelled. */
  loneMarker: FileVersionRecord | undefined;
}

/**
 * The versions and hide markers that a rule asks to delete. Those of a name come newest first, but its current hide
 * marker comes last.
 */
export async function* dueDeletions(core: Core, scope: RuleScope): AsyncGenerator<LifecycleAction, void> {
  let state: NameState | undefined;
  for await (const { value: version } of rowsOf(core.metadata, 'fileVersions', namesOfRule(scope), scope)) {
    if (!version.name.startsWith(scope.rule.fileNamePrefix)) continue;
    if (state?.name !== version.name) {
      yield* markerOf(state, scope);
      state = { name: version.name, newer: undefined, loneMarker: undefined };
    }
    if (deleteDue(scope.rule, version, state.newer, scope.now)) yield actionOn(deletionOf(version), scope, version);
    else if (!cancelDue(scope.rule, version, scope.now)) state.loneMarker = markerOver(state, version);
    if (version.action !== 'start') state.newer = version;
  }
  yield* markerOf(state, scope);
}

function* markerOf(state: NameState | undefined, scope: RuleScope): Generator<LifecycleAction, void> {
  if (state?.loneMarker !== undefined) yield actionOn('delete-hide-marker', scope, state.loneMarker);
}

/**
 * The hide marker that may turn out to be alone, now that `version` was read, which stays: `version` itself if it is
 * the current hide marker; otherwise none.
 */
function markerOver({ newer }: NameState, version: FileVersionRecord): FileVersionRecord | undefined {
  return newer === undefined && version.action === 'hide' ? version : undefined;
}

function deletionOf({ action }: FileVersionRecord): 'delete-version' | 'delete-hide-marker' {
  return action === 'hide' ? 'delete-hide-marker' : 'delete-version';
}
