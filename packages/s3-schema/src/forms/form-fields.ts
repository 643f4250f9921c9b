import { maxFormFieldBytes } from '../values/limits.ts';
import { invalidArgument, S3Error } from '../values/s3-error.ts';

/** A field of a form, with its name in any case. */
export type FormField = readonly [name: string, value: string];

const variable = '${filename}';

/**
 * The fields by their names in lower case, `${filename}` in their values expanded: conditions of a policy are compared
 * with what the fields become (AWS docs "POST Policy").
 *
 * @param fileName The name of the file on the sender's machine, which may be a whole path.
 * @throws S3Error `InvalidArgument` for a field that is there twice, `MaxPostPreDataLengthExceeded` for fields that
 * become longer than a form may be.
 */
export function fieldsByName(fields: Iterable<FormField>, fileName: string): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  const name = baseName(fileName);
  let length = 0;
  for (const [given, value] of fields) {
    const lower = given.toLowerCase();
    if (byName.has(lower)) throw invalidArgument(lower, 'POST requires exactly one field of this name');
    const around = value.split(variable);
    length += value.length + (around.length - 1) * name.length;
    if (length > maxFormFieldBytes) throw new S3Error('MaxPostPreDataLengthExceeded');
    byName.set(lower, around.join(name));
  }
  return byName;
}

/** Browsers of old sent whole paths. */
function baseName(fileName: string): string {
  return fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
}

/** The answer to a form without a field that it has to have. */
export function missingField(name: string): S3Error {
  const hint = 'If it is specified, please check the order of the fields.';
  return invalidArgument(name, `Bucket POST must contain a field named '${name}'.  ${hint}`, '');
}
