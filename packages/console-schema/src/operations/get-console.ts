import { jsonMethods, mayAnswer, type ExtensionRow } from '@coffer/b2-schema';
import * as z from 'zod';

/** What the console at this address can do. Any valid account token may ask. */
export const getConsole = {
  name: 'coffer_get_console',
  notPartOfB2: true,
  requestType: 'GetConsoleRequest',
  kind: 'json',
  methods: jsonMethods,
  authorization: { by: 'capabilities', capabilities: [] },
  scope: { on: 'account' },
  request: z.strictObject({}),
  response: z.object({
    /** The version of the server, such as `0.1.0`. */
    version: z.string(),
    /** Whether the console hands out files that are encrypted (`--console-encrypted-downloads`). */
    encryptedDownloads: z.boolean(),
    /** Whether the server makes snapshots. */
    snapshots: z.boolean(),
    /** The region that clients of S3 sign for (`--s3-region`); null if the server offers no S3. */
    s3Region: z.string().nullable(),
  }),
  errors: mayAnswer(),
} as const satisfies ExtensionRow;
