import * as z from 'zod';
import type { ApiVersion } from '../values/api-version.ts';
import { isB2ErrorCode } from '../values/error-codes.ts';
import { problem, type RequestResult } from './header-request.ts';
import type { FieldRow } from './extension-row.ts';
import type { JsonRow } from './operation-row.ts';

type Shape<Row extends FieldRow> = Row['request']['shape'];

/** Fields that another version has, but not this one. */
type ForeignField<Row, Version extends ApiVersion> = Row extends { readonly fieldVersions: infer Limited }
  ? { [Field in keyof Limited]: Foreign<Limited[Field], Version, Field> }[keyof Limited]
  : never;
type Foreign<Versions, Version, Field> = Versions extends readonly unknown[]
  ? Version extends Versions[number]
    ? never
    : Field
  : never;

type OptionalField<Fields> = {
  [Field in keyof Fields]: undefined extends z.input<Fields[Field]> ? Field : never;
}[keyof Fields];

/**
 * What a client gives for a request: the values of the row, of which those with a default may be left out, without the
 * fields that the version does not have.
 */
export type FieldsOf<Row extends FieldRow, Version extends ApiVersion = 'v4'> = {
  readonly [Field in Exclude<keyof Shape<Row>, OptionalField<Shape<Row>> | ForeignField<Row, Version>>]: z.output<
    Shape<Row>[Field]
  >;
} & {
  readonly [Field in Exclude<OptionalField<Shape<Row>>, ForeignField<Row, Version>>]?:
    Exclude<z.output<Shape<Row>[Field]>, undefined> | undefined;
};

/**
 * The JSON of a request with only the fields that are given, or what is wrong with one. Rules that concern several
 * fields are left to the server. May hold a customer key in clear: send it, do not keep it.
 *
 * @example
 * ```ts
 * const { b2_list_file_names } = operations;
 * const bucketId = parseBucketId('8d625eb63be2775577c70e1a');
 * const printed = printFields(b2_list_file_names, { bucketId, delimiter: '/' }, 'v4');
 * assert.deepEqual(printed, { ok: true, value: { bucketId, delimiter: '/' } });
 * ```
 */
export function printFields(
  row: FieldRow,
  fields: object,
  version: ApiVersion,
): RequestResult<Record<string, unknown>> {
  const shape: Readonly<Record<string, z.ZodType>> = row.request.shape;
  const printed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    if (value === undefined) continue;
    const field = Object.hasOwn(shape, name) && existsIn(row, name, version) ? shape[name] : undefined;
    if (field === undefined) return problem(`unknown field in ${row.requestType}: ${name}`, { field: name });
    const encoded = z.safeEncode(field, value);
    if (!encoded.success) return fieldProblem(name, encoded.error.issues[0]);
    printed[name] = encoded.data;
  }
  const missing = Object.keys(shape).find((name) => !(name in printed) && !mayBeAbsent(shape[name]));
  if (missing === undefined) return { ok: true, value: printed };
  return problem(`required field ${missing} is missing`, { field: missing });
}

function existsIn(row: FieldRow, field: string, version: ApiVersion): boolean {
  const { fieldVersions }: Pick<JsonRow, 'fieldVersions'> = 'fieldVersions' in row ? row : {};
  return fieldVersions?.[field]?.includes(version) ?? true;
}

function mayBeAbsent(schema: z.core.$ZodType | undefined): boolean {
  const type = (schema as z.core.$ZodTypes | undefined)?._zod.def.type;
  return type === 'optional' || type === 'default';
}

function fieldProblem(field: string, issue: z.core.$ZodIssue | undefined): RequestResult<never> {
  const params = issue?.code === 'custom' ? issue.params : undefined;
  const code: unknown = params?.['b2'];
  const known = typeof code === 'string' && isB2ErrorCode(code) ? { code } : {};
  return problem(`${field}: ${issue?.message ?? 'is not valid'}`, { field, ...known });
}
