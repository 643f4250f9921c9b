import { someOriginMatches } from './cors-origin.ts';

/** The members of a bucket's rule that decide about a request. */
export interface CorsRuleFacts {
  readonly allowedOrigins: readonly string[];
  readonly allowedOperations: readonly string[];
  readonly allowedHeaders: readonly string[] | null;
  readonly exposeHeaders: readonly string[] | null;
  /** Seconds. */
  readonly maxAgeSeconds: number;
}

/** A request from a page of another origin, or a preflight that asks for one (Fetch Standard, "CORS protocol"). */
export interface CorsRequest {
  /** As the rules name it. */
  readonly operation: string;
  /** The value of `Origin`. */
  readonly origin: string;
  /** What `Access-Control-Request-Headers` of a preflight names; nothing for a request itself. */
  readonly headers?: readonly string[];
}

/** The first rule, in the bucket's order, that allows operation, origin and all headers; undefined if none does. */
export function matchCorsRule<Rule extends CorsRuleFacts>(
  rules: readonly Rule[],
  { operation, origin, headers = [] }: CorsRequest,
): Rule | undefined {
  return rules.find(
    (rule) =>
      rule.allowedOperations.includes(operation) &&
      someOriginMatches(rule.allowedOrigins, origin) &&
      headers.every((header) => headerMatches(rule.allowedHeaders, header)),
  );
}

/**
 * Whether a list of header names covers a name: an entry is a name in any case, or ends with `*`. A list of null covers
 * none.
 */
export function headerMatches(list: readonly string[] | null, name: string): boolean {
  if (list === null) return false;
  const { names, beginnings, longest } = namesIn(list);
  const asked = name.toLowerCase();
  if (names.has(asked)) return true;
  // Takes as many steps as the name has characters, however many entries the list has.
  for (let length = Math.min(asked.length, longest); length >= 0; length--)
    if (beginnings.has(asked.slice(0, length))) return true;
  return false;
}

/**
 * The entries of a list in lower case: whole names, and beginnings of names, the longest of which has `longest`
 * characters.
 */
interface HeaderNames {
  readonly names: ReadonlySet<string>;
  readonly beginnings: ReadonlySet<string>;
  readonly longest: number;
}

/** Cached by the list's object, since a bucket's rules stay the same objects until they change. */
const known = new WeakMap<readonly string[], HeaderNames>();

function namesIn(list: readonly string[]): HeaderNames {
  const found = known.get(list);
  if (found !== undefined) return found;
  const entries = list.map((entry) => entry.toLowerCase());
  const beginnings = entries.filter((entry) => entry.endsWith('*')).map((entry) => entry.slice(0, -1));
  const longest = beginnings.reduce((most, { length }) => Math.max(most, length), -1);
  const made = { names: new Set(entries), beginnings: new Set(beginnings), longest };
  known.set(list, made);
  return made;
}

/**
 * The most different header names that one preflight may ask for. A browser asks for each name once. No limit is
 * published; this is Coffer's.
 */
const maxRequestedHeaders = 200;

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * The names in the values of `Access-Control-Request-Headers`; undefined if one is no header name (RFC 9110 section
 * 5.6.2). Empty members of the list are skipped, as RFC 9110 section 5.6.1.2 asks. Also undefined for more than 200
 * names.
 */
export function parseRequestedHeaders(values: readonly string[]): readonly string[] | undefined {
  const names = values.flatMap((value) => value.split(',')).map((name) => name.replace(/^[ \t]+|[ \t]+$/g, ''));
  const given = [...new Set(names)].filter((name) => name !== '');
  return given.length <= maxRequestedHeaders && given.every((name) => token.test(name)) ? given : undefined;
}
