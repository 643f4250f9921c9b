import * as z from 'zod';
import { invalidArgument, S3Error } from '../values/s3-error.ts';

/** Where fields are read from: the headers or the query of a request. */
export interface WireSource {
  /** The values of all fields of that name, in order. */
  getAll(name: string): readonly string[];
}

/** One header or query parameter: its name, and the schema from its text, undefined if it is absent, to a value. */
export interface WireField<T = unknown> {
  readonly wire: string;
  readonly schema: z.ZodType<T, string | undefined>;
  /** Whether several lines of a header are one list. Two of any other field are refused. */
  readonly isList?: boolean;
  /** Whether white space at the ends is part of the value, as in a key. */
  readonly isVerbatim?: boolean;
}

/** Fields by the names that their values get. */
export type WireFields = Readonly<Record<string, WireField>>;

/** What the fields give. */
export type ValuesOf<Fields extends WireFields> = {
  readonly [Name in keyof Fields]: z.output<Fields[Name]['schema']>;
};

/** Reads all that one part of a request says. Throws S3Error, and nothing else. */
export type Reader<T, Source extends WireSource = WireSource> = (source: Source) => T;

/** A schema of what `parse` makes of a text, or refuses with an S3Error; an absent one stays undefined. */
function optionalValue<T>(parse: (text: string) => T): z.ZodType<T | undefined, string | undefined> {
  return z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined;
      try {
        return parse(text);
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        context.issues.push({ code: 'custom', message: error.message, params: { s3: error }, input: undefined });
        return z.NEVER;
      }
    });
}

/** A field that may be absent. */
export function field<T>(wire: string, parse: (text: string) => T): WireField<T | undefined> {
  return { wire, schema: optionalValue(parse) };
}

/** A field with a value of its own where it is absent. */
export function fieldOr<T>(wire: string, absent: T, parse: (text: string) => T): WireField<T> {
  return { wire, schema: optionalValue(parse).transform((value) => value ?? absent) };
}

/** A parameter of text that is taken as it is; empty where it is absent. */
export function textField(wire: string): WireField<string> {
  return { ...fieldOr(wire, '', (text) => text), isVerbatim: true };
}

/** A parameter of text that is taken as it is; an empty one is an absent one. */
export function nonEmptyField(wire: string): WireField<string | undefined> {
  return { ...field(wire, (text) => (text === '' ? undefined : text)), isVerbatim: true };
}

/** A reader of these fields. Made once for a module, not for a request: schemas are slow to make. */
export function readerOf<Fields extends WireFields>(fields: Fields): Reader<ValuesOf<Fields>> {
  const readers = Object.entries(fields).map(([name, wireField]) => [name, fieldReader(wireField)] as const);
  return (source) => {
    const values: Record<string, unknown> = {};
    for (const [name, read] of readers) values[name] = read(source);
    return values as ValuesOf<Fields>;
  };
}

function fieldReader(wireField: WireField): Reader<unknown> {
  const { wire, isList, isVerbatim } = wireField;
  // Most fields are absent in most requests, and an absent one has the same value each time.
  let absent: { readonly value: unknown } | undefined;
  return (source) => {
    const all = source.getAll(wire);
    if (all.length === 0) return (absent ??= { value: valueOf(wireField, undefined) }).value;
    if (all.length > 1 && isList !== true) throw invalidArgument(wire, `${wire} must be given once`);
    const text = all.join(',');
    return valueOf(wireField, isVerbatim === true ? text : text.trim());
  };
}

function valueOf({ wire, schema }: WireField, text: string | undefined): unknown {
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const refusal: unknown = issue?.code === 'custom' ? issue.params?.['s3'] : undefined;
  throw refusal instanceof S3Error ? refusal : invalidArgument(wire, `${wire} is not valid`);
}
