import {
  operations,
  responseSchema,
  type ApiVersion,
  type OperationNameOf,
  type ParsedResponseOf,
} from '@coffer/b2-schema';
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
  return withSession(context, signal, (session) => send(context, session, name, fields, signal)) as never;
}

function send(
  { transport, version }: CallContext,
  { info, token }: Session,
  name: OperationNameOf<'json'>,
  fields: object,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const row = operations[name];
  const complete = 'accountId' in row.request.shape ? { accountId: info.accountId, ...fields } : fields;
  const body = JSON.stringify(printedFields(row, complete, version));
  const keys = customerKeysOf(fields);
  return token.expose((text) =>
    transport.json(
      {
        operation: name,
        method: 'POST',
        url: `${info.apiUrl}/b2api/${version}/${name}`,
        headers: [
          ['Authorization', text],
          ['Content-Type', 'application/json'],
        ],
        body,
        secrets: [text, ...keys],
        holdsCustomerKey: keys.length > 0,
        signal,
      },
      responseSchema(row, version),
    ),
  );
}
