/**
 * JSON as the service prints it: members in alphabetical (code unit) order at all levels, no white space, characters unescaped
 * except those below U+0020 and what JSON itself wants escaped. Members that are undefined are left out.
 */
export function printJson(value: unknown): string {
  return print(value) ?? 'null';
}

function print(value: unknown): string | undefined {
  if (Array.isArray(value)) return `[${value.map((item: unknown) => print(item) ?? 'null').join(',')}]`;
  if (!isPlainObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => printMember(key, value[key]))
    .filter((member) => member !== undefined);
  return `{${members.join(',')}}`;
}

function printMember(key: string, value: unknown): string | undefined {
  const printed = print(value);
  return printed === undefined ? undefined : `${JSON.stringify(key)}:${printed}`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !('toJSON' in value && typeof value.toJSON === 'function');
}
