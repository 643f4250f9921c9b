import { jsonMethods, mayAnswer, type ExtensionRow } from '@coffer/b2-schema';
import * as z from 'zod';
import { wireSnapshot } from '../values/wire-snapshot.ts';

/** Cancels a snapshot that waits or runs. What was stored of it is removed soon after. */
export const cancelSnapshot = {
  name: 'coffer_cancel_snapshot',
  notPartOfB2: true,
  requestType: 'CancelSnapshotRequest',
  kind: 'json',
  methods: jsonMethods,
  authorization: { by: 'capabilities', capabilities: ['listFiles', 'readFiles', 'writeFiles'] },
  scope: { on: 'account' },
  request: z.strictObject({ snapshotId: z.string().max(32) }),
  response: wireSnapshot,
  errors: mayAnswer('not_found', 'conflict'),
} as const satisfies ExtensionRow;
