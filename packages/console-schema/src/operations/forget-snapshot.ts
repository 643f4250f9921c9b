import { jsonMethods, mayAnswer, type ExtensionRow } from '@coffer/b2-schema';
import * as z from 'zod';

/** Takes a snapshot off the list that failed, was cancelled, or whose ZIP file was deleted. */
export const forgetSnapshot = {
  name: 'coffer_forget_snapshot',
  notPartOfB2: true,
  requestType: 'ForgetSnapshotRequest',
  kind: 'json',
  methods: jsonMethods,
  authorization: { by: 'capabilities', capabilities: ['listFiles', 'readFiles', 'writeFiles'] },
  scope: { on: 'account' },
  request: z.strictObject({ snapshotId: z.string().max(32) }),
  response: z.object({ snapshotId: z.string() }),
  errors: mayAnswer('not_found'),
} as const satisfies ExtensionRow;
