import type { FieldCapability } from '@coffer/b2-schema';
import type { Grant } from '@coffer/storage-core';
import { badRequest, notPermitted } from '../errors/b2-error.ts';

/** A parsed request, seen by the checks that the table of operations describes by field name. */
export type Fields = Readonly<Record<string, unknown>>;

export function textField(input: Fields, field: string): string | undefined {
  const value = input[field];
  return typeof value === 'string' ? value : undefined;
}

/** Refuses a request that sets a field for which the caller lacks the capability. */
export function checkFieldCapabilities(
  needed: readonly FieldCapability[] | undefined,
  input: Fields,
  grant: Grant,
): void {
  for (const { field, capability, unless, otherwise } of needed ?? []) {
    const value = input[field];
    const isSet = value !== undefined && (unless === undefined || value !== unless);
    if (isSet && !grant.capabilities.has(capability)) throw notPermitted(otherwise);
  }
}

/** Refuses a request that names another account than the caller's. */
export function checkAccount(input: Fields, grant: Grant): void {
  const accountId = textField(input, 'accountId');
  if (accountId !== undefined && accountId !== grant.accountId) throw badRequest(`Account ${accountId} does not exist`);
}
