import { jsonMethods, mayAnswer, type ExtensionRow } from '@coffer/b2-schema';
import * as z from 'zod';
import { wireSnapshot } from '../values/wire-snapshot.ts';

const mostPerPage = 50;

/** The account's snapshots, newest first. */
export const listSnapshots = {
  name: 'coffer_list_snapshots',
  notPartOfB2: true,
  requestType: 'ListSnapshotsRequest',
  kind: 'json',
  methods: jsonMethods,
  authorization: { by: 'capabilities', capabilities: ['listFiles', 'readFiles', 'writeFiles'] },
  scope: { on: 'account' },
  request: z.strictObject({
    /** The page begins with the snapshot after this one; absent: with the newest. */
    before: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional(),
    maxSnapshotCount: z.int().min(1).max(mostPerPage).default(mostPerPage),
  }),
  response: z.object({
    snapshots: z.array(wireSnapshot),
    /** `before` of the next page; null: this was the last. */
    nextBefore: z.string().nullable(),
  }),
  errors: mayAnswer(),
} as const satisfies ExtensionRow;
