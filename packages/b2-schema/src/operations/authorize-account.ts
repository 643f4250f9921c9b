import * as z from 'zod';
import { apiVersions } from '../values/api-version.ts';
import { jsonMethods, type JsonRow } from '../requests/operation-row.ts';
import {
  authorizeResponse,
  authorizeResponseV1,
  authorizeResponseV2,
  authorizeResponseV3,
} from '../responses/wire-authorization.ts';

/** B2 docs `b2_authorize_account`. The answer differs in each version. */
export const authorizeAccount = {
  name: 'b2_authorize_account',
  requestType: 'AuthorizeAccountRequest',
  kind: 'json',
  methods: jsonMethods,
  versions: apiVersions,
  authorization: { by: 'basic' },
  scope: { on: 'account' },
  ignoresBody: true,
  request: z.object({}),
  response: authorizeResponse,
  olderResponses: { v1: authorizeResponseV1, v2: authorizeResponseV2, v3: authorizeResponseV3 },
  errors: [
    'bad_request',
    'unauthorized',
    'unsupported',
    'transaction_cap_exceeded',
    'method_not_allowed',
    'too_many_requests',
    'internal_error',
    'service_unavailable',
  ],
} as const satisfies JsonRow;
