import { originMatches } from './cors-origin.ts';
import type { CorsOperation } from './cors-rule.ts';

/** What of a bucket's rule decides about a request. */
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
  readonly operation: CorsOperation;
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
      rule.allowedOrigins.some((entry) => originMatches(entry, origin)) &&
      headers.every((header) => headerMatches(rule.allowedHeaders, header)),
  );
}

/** Whether a list of header names covers a name: an entry is a name in any case, or ends with `*`. A list of null covers none. */
export function headerMatches(list: readonly string[] | null, name: string): boolean {
  const asked = name.toLowerCase();
  return (list ?? []).some((entry) => {
    const allowed = entry.toLowerCase();
    return allowed.endsWith('*') ? asked.startsWith(allowed.slice(0, -1)) : asked === allowed;
  });
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * The names in the values of `Access-Control-Request-Headers`; undefined if one is no header name (RFC 9110 section 5.6.2). Empty
 * members of the list are skipped, as RFC 9110 section 5.6.1.2 asks.
 */
export function parseRequestedHeaders(values: readonly string[]): readonly string[] | undefined {
  const names = values.flatMap((value) => value.split(',')).map((name) => name.replace(/^[ \t]+|[ \t]+$/g, ''));
  const given = names.filter((name) => name !== '');
  return given.every((name) => token.test(name)) ? given : undefined;
}
