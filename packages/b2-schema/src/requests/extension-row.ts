import type * as z from 'zod';
import type { Capability } from '../values/capability.ts';
import type { DownloadRow, JsonRow } from './operation-row.ts';

/** Where a server answers operations of its own: this path, followed by the name of the operation. */
export const extensionRoot = '/cofferapi/v1/';

/** The name of an operation that is not part of B2. */
export type ExtensionName = `coffer_${string}`;

/**
 * Who may call an operation that is not part of B2. Required, and without a default.
 *
 * - `capabilities`: an account token of a key that has all of these. With an empty list, any valid account token is
 *   enough. A key that lacks one is answered `unauthorized`, unless the row names another code.
 * - `masterKey`: an account token of the account's master key; any other key is answered `unauthorized`, even one that
 *   has all capabilities.
 */
export type ExtensionAuthorization =
  | { readonly by: 'capabilities'; readonly capabilities: readonly Capability[]; readonly otherwise?: 'access_denied' }
  | { readonly by: 'masterKey' };

type OnlyInB2 = 'name' | 'versions' | 'authorization' | 'aliases' | 'ignoresBody' | 'fieldVersions' | 'olderResponses';

/**
 * A JSON operation of a server's own. Its caller, fields, scope and errors are handled as those of B2's JSON
 * operations. It has no versions; its path is {@link extensionRoot} with its name.
 */
export interface ExtensionRow extends Omit<JsonRow, OnlyInB2> {
  readonly name: ExtensionName;
  readonly notPartOfB2: true;
  readonly authorization: ExtensionAuthorization;
}

/** A row whose request is an object of fields. */
export type FieldRow = JsonRow | DownloadRow | ExtensionRow;

/** The values of a request, as a handler gets them. */
export type ExtensionRequestOf<Row extends ExtensionRow> = z.output<Row['request']>;

/** The JSON that a handler answers with. */
export type ExtensionResponseOf<Row extends ExtensionRow> = z.input<Row['response']>;

/** The same as a client reads it. */
export type ParsedExtensionResponseOf<Row extends ExtensionRow> = z.output<Row['response']>;
