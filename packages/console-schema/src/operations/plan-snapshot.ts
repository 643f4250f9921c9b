import { jsonMethods, mayAnswer, type ExtensionRow } from '@coffer/b2-schema';
import * as z from 'zod';
import { selectionFields, wireLeftOut, wireTally } from '../values/wire-snapshot.ts';

/** Counts what a snapshot would have in it, in pages of some 1,000 files. Makes nothing. */
export const planSnapshot = {
  name: 'coffer_plan_snapshot',
  notPartOfB2: true,
  requestType: 'PlanSnapshotRequest',
  kind: 'json',
  methods: jsonMethods,
  authorization: { by: 'capabilities', capabilities: ['listFiles', 'readFiles', 'writeFiles'] },
  scope: { on: 'account' },
  request: z.strictObject({
    ...selectionFields,
    /** From the answer before; absent: from the beginning. */
    cursor: z.string().max(4_096).optional(),
  }),
  response: z.object({
    /** Files of this page that would be stored. */
    included: wireTally,
    encrypted: wireLeftOut,
    /** Selected by themselves, and not there or not current. */
    absent: wireLeftOut,
    /** Null: this was the last page. */
    nextCursor: z.string().nullable(),
  }),
  errors: mayAnswer('bad_bucket_id', 'not_found'),
} as const satisfies ExtensionRow;
