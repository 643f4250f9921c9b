import { jsonMethods, mayAnswer, type ExtensionRow } from '@coffer/b2-schema';
import * as z from 'zod';

/** Milliseconds since the Unix epoch. */
const time = z.int();

/** A key of the keyring: never the key itself. */
const globalKey = z.object({
  id: z.string(),
  /** `active`: encrypts what is new; `decrypt-only`: reads what is there; `destroyed`: only its id is remembered. */
  state: z.enum(['active', 'decrypt-only', 'destroyed']),
  createdAt: time,
});

/** Requests of one minute to all listeners of clients and to the console. */
const minute = z.object({
  /** When the minute began. */
  minute: time,
  requests: z.int(),
  /** Those of them that were answered with a status from 400 to 499. */
  errors4xx: z.int(),
  /** Those of them that were answered with a status from 500 on. */
  errors5xx: z.int(),
});

/**
 * How the server is. It is about all accounts, so only the master key of the server's first account may ask; the master
 * key of another one is answered `access_denied`.
 */
export const getServer = {
  name: 'coffer_get_server',
  notPartOfB2: true,
  requestType: 'GetServerRequest',
  kind: 'json',
  methods: jsonMethods,
  authorization: { by: 'masterKey' },
  scope: { on: 'account' },
  request: z.strictObject({}),
  response: z.object({
    version: z.string(),
    /** The version of Node.js, such as `20.19.4`. */
    nodeVersion: z.string(),
    startedAt: time,
    /** Processes that are to serve clients. */
    workers: z.int(),
    /** What keeps the server from serving fully, such as too few workers; null: nothing. */
    shortcoming: z.string().nullable(),
    store: z.object({
      /** `read-only`: there is no space left; `failed`: it takes no changes until the server is started again. */
      state: z.enum(['ok', 'read-only', 'failed']),
      /** Null if `ok`. */
      reason: z.string().nullable(),
    }),
    /** While the clock is doubted, no lifecycle rule is applied and no retention ends. */
    clockDoubted: z.boolean(),
    /** Oldest first. */
    keyring: z.array(globalKey),
    /** Event notifications that wait to be delivered, as last counted. */
    outbox: z.object({ events: z.int(), oldestSeconds: z.number() }),
    /** The last hour, or the time since the start; oldest first. The last minute has not ended yet. */
    requests: z.array(minute),
    /** The verification in the background; null if it is off. */
    scrub: z
      .object({
        /** When the last complete one ended; null for never. */
        finishedAt: time.nullable(),
        /** Damaged things, and blobs that nothing names, found by the one under way, or else by the last one. */
        damaged: z.int(),
        orphans: z.int(),
        /** Bytes that were read since the start. */
        bytes: z.int(),
      })
      .nullable(),
    /** Blobs that no file names: in quarantine, and left in their places. */
    quarantine: z.object({ held: z.int(), leftInPlace: z.int() }),
  }),
  errors: mayAnswer('access_denied'),
} as const satisfies ExtensionRow;
