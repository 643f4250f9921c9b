import { printFields, type ApiVersion, type ExtensionName, type FieldRow, type OperationName } from '@coffer/b2-schema';
import type { EncryptionRequest } from '@coffer/sse-schema';
import { ClientError } from '../errors/client-error.ts';

/**
 * The JSON of a request.
 *
 * @throws ClientError `invalid_request`.
 */
export function printedFields(
  row: FieldRow & { readonly name: OperationName | ExtensionName },
  fields: object,
  version: ApiVersion,
): Record<string, unknown> {
  const printed = printFields(row, fields, version);
  if (printed.ok) return printed.value;
  const { message, field } = printed;
  throw new ClientError('invalid_request', message, { operation: row.name, field });
}

/** The texts of the customer keys among the values of a request. To be sent, or to be taken out of errors, not kept. */
export function customerKeysOf(fields: object): readonly string[] {
  return Object.values(fields).flatMap((value: unknown) => {
    if (typeof value !== 'object' || value === null || !('mode' in value) || value.mode !== 'SSE-C') return [];
    const { customerKey } = value as Extract<EncryptionRequest, { mode: 'SSE-C' }>;
    return [customerKey.exposeBase64((text) => text)];
  });
}
