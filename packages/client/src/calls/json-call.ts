import {
  extensionRoot,
  operations,
  responseSchema,
  type ApiVersion,
  type ExtensionRow,
  type FieldRow,
  type OperationNameOf,
  type ParsedExtensionResponseOf,
  type ParsedResponseOf,
} from '@coffer/b2-schema';
import type * as z from 'zod';
import type { Session } from '../account/account.ts';
import { withSession, type CallContext, type CallOptions } from './call-context.ts';
import { customerKeysOf, printedFields } from './printed-fields.ts';

/** Calls an operation with JSON. */
export async function callJson<Name extends OperationNameOf<'json'>, Version extends ApiVersion = 'v4'>(
  context: CallContext,
  name: Name,
  fields: object = {},
  { signal }: CallOptions = {},
): Promise<ParsedResponseOf<Name, Version>> {
  // Like the type of the answer, so that whoever asks for it need not know of the session.
  if (name === 'b2_authorize_account') return (await context.account.authorize(signal)).response as never;
  const row = operations[name];
  const { version } = context;
  const place = { path: `/b2api/${version}/${name}`, response: responseSchema(row, version) };
  return withSession(context, signal, (session) => send(context, session, { row, fields, signal, ...place })) as never;
}

/** Calls an operation that is not part of B2, with JSON. */
export function callExtension<Row extends ExtensionRow>(
  context: CallContext,
  row: Row,
  fields: object = {},
  { signal }: CallOptions = {},
): Promise<ParsedExtensionResponseOf<Row>> {
  const place = { path: `${extensionRoot}${row.name}`, response: row.response };
  // At the address that the client was given: the server may tell another one, which has the operations of B2 only.
  const { url } = context.account;
  return withSession(context, signal, (session) =>
    send(context, session, { row, fields, signal, url, ...place }),
  ) as never;
}

interface JsonRequest {
  readonly row: (FieldRow & { readonly name: OperationNameOf<'json'> }) | ExtensionRow;
  /** Default: where the authorization says that the API is. */
  readonly url?: string;
  readonly path: string;
  readonly fields: object;
  readonly response: z.ZodType;
  readonly signal: AbortSignal | undefined;
}

function send(
  { transport, version }: CallContext,
  { info, token }: Session,
  { row, url = info.apiUrl, path, fields, response, signal }: JsonRequest,
): Promise<unknown> {
  const complete = 'accountId' in row.request.shape ? { accountId: info.accountId, ...fields } : fields;
  const body = JSON.stringify(printedFields(row, complete, version));
  const keys = customerKeysOf(fields);
  return token.expose((text) =>
    transport.json(
      {
        operation: row.name,
        method: 'POST',
        url: `${url}${path}`,
        headers: [
          ['Authorization', text],
          ['Content-Type', 'application/json'],
        ],
        body,
        secrets: [text, ...keys],
        holdsCustomerKey: keys.length > 0,
        signal,
      },
      response,
    ),
  );
}
