import { jsonMethods, mayAnswer, type ExtensionRow } from '@coffer/b2-schema';
import * as z from 'zod';
import { selectionFields, wireSnapshot } from '../values/wire-snapshot.ts';

/** Asks for a snapshot, which the server then makes in the background. */
export const createSnapshot = {
  name: 'coffer_create_snapshot',
  notPartOfB2: true,
  requestType: 'CreateSnapshotRequest',
  kind: 'json',
  methods: jsonMethods,
  authorization: { by: 'capabilities', capabilities: ['listFiles', 'readFiles', 'writeFiles'] },
  scope: { on: 'account' },
  request: z.strictObject({
    ...selectionFields,
    /** The name of the ZIP file without its ending; absent: the time. */
    title: z.string().max(200).optional(),
    /**
     * Chosen by the client, to repeat a request whose answer was lost: with the same selection and title, the snapshot
     * that was made of it is the answer; with others, `conflict`. Remembered as long as the snapshot is listed.
     */
    requestId: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/)
      .optional(),
  }),
  response: wireSnapshot,
  errors: mayAnswer('bad_bucket_id', 'not_found', 'conflict', 'too_many_buckets', 'duplicate_bucket_name'),
} as const satisfies ExtensionRow;
