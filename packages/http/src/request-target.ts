const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** A request target split into path and query, both still encoded. */
export interface SplitTarget {
  /** Everything before the first `?`. */
  readonly path: string;
  /** Everything behind the first `?`; undefined without one. */
  readonly query: string | undefined;
}

/**
 * Splits a request target (RFC 9112 section 3.2); of the absolute form, scheme and authority are dropped. Nothing is
 * decoded.
 */
export function splitTarget(target: string): SplitTarget {
  const authority = absoluteForm.exec(target)?.[0] ?? '';
  const origin = target.slice(authority.length);
  const mark = origin.indexOf('?');
  const path = mark === -1 ? origin : origin.slice(0, mark);
  return {
    path: authority !== '' && path === '' ? '/' : path,
    query: mark === -1 ? undefined : origin.slice(mark + 1),
  };
}

/**
 * Scheme, in lower case, and authority of a target in absolute form (RFC 9112 section 3.2.2); undefined for any other
 * form.
 */
export function authorityOf(target: string): { readonly scheme: string; readonly authority: string } | undefined {
  const found = absoluteForm.exec(target)?.[0];
  if (found === undefined) return undefined;
  const colon = found.indexOf('://');
  return { scheme: found.slice(0, colon).toLowerCase(), authority: found.slice(colon + 3) };
}

/**
 * The `name=value` pairs of a raw query in order, duplicates kept. `decode` gets each name and each value alone, so an
 * encoded `&` or `=` stays part of it; what it throws goes to the caller. Without `=` the value is empty; empty pairs
 * are skipped.
 */
export function parseQuery(
  raw: string | undefined,
  decode: (encoded: string) => string,
): readonly (readonly [name: string, value: string])[] {
  if (raw === undefined) return [];
  return raw
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals === -1
        ? ([decode(pair), ''] as const)
        : ([decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))] as const);
    });
}
