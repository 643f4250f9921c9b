/** Requests of one kind, sent over and over. */
export interface Load {
  readonly method: 'GET' | 'POST';
  /** Taken in turn. */
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** The file whose content is the body; null for none. */
  readonly bodyFile: string | null;
  /** A header that gets another file name with each request; null if requests are all the same. */
  readonly nameHeader: string | null;
  /** Values of `Authorization`, of which each serves one request at a time; null where the headers say all. */
  readonly tokens: readonly string[] | null;
}

/** The load as a Lua file that returns a table. */
export function loadAsLua({ method, paths, headers, bodyFile, nameHeader, tokens }: Load): string {
  const pairs = Object.entries(headers).map(([name, value]) => `[${luaString(name)}] = ${luaString(value)}`);
  const fields = [
    `method = ${luaString(method)}`,
    `paths = { ${paths.map(luaString).join(', ')} }`,
    `headers = { ${pairs.join(', ')} }`,
    ...(bodyFile === null ? [] : [`body = ${luaString(bodyFile)}`]),
    ...(tokens === null ? [] : [`tokens = { ${tokens.map(luaString).join(', ')} }`]),
    ...(nameHeader === null ? [] : [`nameHeader = ${luaString(nameHeader)}`]),
  ];
  return `return { ${fields.join(', ')} }\n`;
}

function luaString(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new RangeError('Only printable ASCII goes into the load of a benchmark');
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
