/**
 * JSON as the service prints it: members in alphabetical (code unit) order at all levels, no white space, characters
 * unescaped except those below U+0020 and what JSON itself wants escaped. Members that are undefined are left out.
 */
export function printJson(value: unknown): string {
  return print(value) ?? 'null';
}

/**
 * The text of {@link printJson} for an object, in pieces, so that a long answer can be printed bit by bit: lists in its
 * members are cut every `rows` entries. A member for which `isPrinted` says so was printed before: it is given out as
 * it is, in the place of its text.
 */
export function* printJsonInPieces<Printed extends object = never>(
  value: object,
  rows: number,
  isPrinted: (member: unknown) => member is Printed = isNothing,
): Generator<string | Printed, void> {
  let before = '{';
  for (const [key, member] of sortedMembers(value)) {
    if (isPrinted(member)) {
      yield `${before}${JSON.stringify(key)}:`;
      yield member;
    } else if (Array.isArray(member) && member.length > rows) {
      yield `${before}${JSON.stringify(key)}:`;
      yield* printList(member, rows);
    } else {
      const printed = printMember(key, member);
      if (printed === undefined) continue;
      yield `${before}${printed}`;
    }
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

function isNothing(_: unknown): _ is never {
  return false;
}

function* printList(list: readonly unknown[], rows: number): Generator<string, void> {
  for (let at = 0; at < list.length; at += rows) {
    const some = print(list.slice(at, at + rows)) ?? '[]';
    yield `${at === 0 ? '[' : ','}${some.slice(1, -1)}`;
  }
  yield ']';
}

function sortedMembers(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
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
